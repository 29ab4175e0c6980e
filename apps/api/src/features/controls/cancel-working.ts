import { listAccounts } from '@quantdeck/db'
import type { Order } from '@quantdeck/domain'
import type { Deps } from '../../deps.ts'
import type { StrategyBook } from '../../desk/books.ts'
import { cancelWorking } from '../../desk/cancel-order.ts'
import { isProtective, protectiveGroups } from '../../desk/protective-orders.ts'

/** What happens to working orders when a kill switch is activated. */
export type OnActivate = 'none' | 'cancel_entries' | 'cancel_all' | 'flatten'

/**
 * Cancels the working orders of the strategies (null: of all), in every mode. Stops at the broker that reduce a position
 * stay: they are what protects it. `flatten` cancels like `cancel_all`; closing the positions is confirmed separately.
 */
export async function cancelWorkingOrders(
  deps: Deps,
  strategyIds: readonly string[] | null,
  which: OnActivate,
): Promise<void> {
  if (which === 'none') return
  for (const { mode } of await listAccounts(deps.db.kysely)) {
    await deps.desk.run(mode, (ctx) => {
      for (const book of ctx.books.strategies.values()) {
        if (strategyIds !== null && !strategyIds.includes(book.strategy.strategyId)) continue
        for (const order of [...book.working.values()]) {
          if (isToCancel(book, order, which)) cancelWorking(ctx, book, order)
        }
      }
    })
  }
}

function isToCancel(book: StrategyBook, order: Order, which: OnActivate): boolean {
  if (order.isEntry) return true
  if (which === 'cancel_entries') return false
  return order.orderType !== 'STOP' && !isTiedToStop(book, order)
}

/** Cancelling one of a pair that cancel each other would take the stop away as well: the target stays with it. */
function isTiedToStop(book: StrategyBook, order: Order): boolean {
  if (!isProtective(order)) return false
  const group = protectiveGroups(book, order.symbol).find(({ groupId }) => groupId === order.ocoGroupId)
  return group?.orders.some(({ orderType }) => orderType === 'STOP') ?? false
}
