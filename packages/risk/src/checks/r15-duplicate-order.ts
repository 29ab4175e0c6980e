import { type Check, compared, skipped, stated } from '../check.ts'
import type { RecentOrder, RiskOrder } from '../request.ts'
import { toScaled, toScaledOrNull } from '../scaled.ts'

/** R15: same symbol, side, type, quantity and price of the strategy within 10 s, unless asked for. */
export const r15DuplicateOrder: Check = {
  id: 'R15',
  exemptsReducing: false,
  run({ request, limits, strategyScope }) {
    if (request.order.allowDuplicate === true) return [skipped('DUPLICATE_ORDER', strategyScope, 'off')]
    const windowMs = limits.duplicateWindowSeconds * 1_000
    const twin = request.recentOrders.findLast(
      (recent) => request.now - recent.at < windowMs && isTwin(request.order, recent),
    )
    if (twin === undefined)
      return [stated('DUPLICATE_ORDER', strategyScope, true, 'no identical order in the window')]
    return [
      compared({
        code: 'DUPLICATE_ORDER',
        scope: strategyScope,
        passed: false,
        limit: String(limits.duplicateWindowSeconds),
        observed: String((request.now - twin.at) / 1_000),
        unit: 'seconds',
        what: 'age of an identical order',
      }),
    ]
  },
}

function isTwin(order: RiskOrder, recent: RecentOrder): boolean {
  return (
    order.symbol === recent.symbol &&
    order.side === recent.side &&
    order.orderType === recent.orderType &&
    toScaled(order.quantity) === toScaled(recent.quantity) &&
    toScaledOrNull(order.limitPrice ?? order.stopPrice) === toScaledOrNull(recent.price)
  )
}
