import { type KillSwitchScope, listAccounts } from '@quantdeck/db'
import { type Order, TRADING_MODES } from '@quantdeck/domain'
import type { Deps } from '../../deps.ts'
import type { Books, StrategyBook } from '../../desk/books.ts'
import { cancelWorking } from '../../desk/cancel-order.ts'
import { isProtective, protectiveGroups } from '../../desk/protective-orders.ts'
import type { OnActivate } from '../../latch/latch-entry.ts'

/**
 * Cancels the working orders of a scope, in every mode. Stops at the broker that reduce a position stay: they are what
 * protects it. `flatten` cancels like `cancel_all`; closing the positions is confirmed separately.
 */
export async function cancelWorkingOrders(
  { db, desk }: Pick<Deps, 'db' | 'desk'>,
  scope: KillSwitchScope,
  which: OnActivate,
): Promise<void> {
  if (which === 'none') return
  for (const { mode } of await listAccounts(db.kysely)) {
    await desk.run(mode, (ctx) => {
      for (const { book, order } of toCancel(ctx.books, scope, which)) cancelWorking(ctx, book, order)
    })
  }
}

/**
 * The same while the database does not answer: the broker is asked to cancel what the books last said works there. Its
 * reports are booked when the database is back, and then the rest is cancelled.
 */
export async function cancelAtBroker(
  { desk }: Pick<Deps, 'desk'>,
  scope: KillSwitchScope,
  which: OnActivate,
): Promise<void> {
  if (which === 'none') return
  for (const mode of TRADING_MODES) {
    const books = desk.remembered(mode)
    if (!books) continue
    const orders = toCancel(books, scope, which).map(({ order }) => order)
    await desk.cancelAtBroker(orders.filter(({ status }) => status === 'SUBMITTED'))
  }
}

function toCancel(
  books: Books,
  scope: KillSwitchScope,
  which: OnActivate,
): { book: StrategyBook; order: Order }[] {
  return [...books.strategies.values()].flatMap((book) =>
    [...book.working.values()]
      .filter((order) => isInScope(order, scope) && isToCancel(book, order, which))
      .map((order) => ({ book, order })),
  )
}

export function isInScope(
  { strategyId, symbol }: Pick<Order, 'strategyId' | 'symbol'>,
  scope: KillSwitchScope,
): boolean {
  return scope === 'global' || scope === `strategy:${strategyId}` || scope === `symbol:${symbol}`
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
