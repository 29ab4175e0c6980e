import { type Check, compared, skipped, stated } from '../check.ts'
import type { RecentOrder, RiskOrder } from '../request.ts'
import { type Exact, compare, exact, exactOrNull } from '../exact.ts'

/** R15: same symbol, side, type, quantity and price of the strategy within 10 s, unless asked for. */
export const r15DuplicateOrder: Check = {
  id: 'R15',
  exemptsReducing: false,
  run({ request, limits, quantity, strategyScope }) {
    if (request.order.allowDuplicate === true)
      return [skipped('R15', 'DUPLICATE_ORDER', strategyScope, 'off')]
    const windowMs = limits.duplicateWindowSeconds * 1_000
    const twin = request.recentOrders.findLast(
      (recent) => request.now - recent.at < windowMs && isTwin(request.order, quantity, recent),
    )
    if (twin === undefined)
      return [stated('R15', 'DUPLICATE_ORDER', strategyScope, true, 'no identical order in the window')]
    return [
      compared({
        id: 'R15',
        code: 'DUPLICATE_ORDER',
        passed: false,
        scope: strategyScope,
        limit: String(limits.duplicateWindowSeconds),
        observed: String((request.now - twin.at) / 1_000),
        unit: 'seconds',
        message: 'age of an identical order',
      }),
    ]
  },
}

function isTwin(order: RiskOrder, quantity: Exact, recent: RecentOrder): boolean {
  return (
    order.symbol === recent.symbol &&
    order.side === recent.side &&
    order.orderType === recent.orderType &&
    compare(quantity, exact(recent.quantity)) === 0 &&
    isSamePrice(exactOrNull(order.limitPrice ?? order.stopPrice), exactOrNull(recent.price))
  )
}

function isSamePrice(a: Exact | null, b: Exact | null): boolean {
  return a === null || b === null ? a === b : compare(a, b) === 0
}
