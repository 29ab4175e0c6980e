import { type Check, type CheckContext, report, skipped, stated } from '../check.ts'
import type { RecentOrder, RiskOrder, RiskRequest } from '../request.ts'
import { type Exact, compare, exact, exactOrNull } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/** R15: same symbol, side, type, quantity and price of the strategy within 10 s, unless asked for. */
export const r15DuplicateOrder: Check = {
  id: 'R15',
  exemptsReducing: false,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limits, quantity, strategyScope }: CheckContext): CheckResult {
  if (request.order.allowDuplicate === true) return skipped('R15', 'DUPLICATE_ORDER', strategyScope, 'off')
  const twin = latestTwin(request, quantity, request.now - limits.duplicateWindowSeconds * 1_000)
  if (twin === null)
    return stated('R15', 'DUPLICATE_ORDER', strategyScope, true, 'no identical order in the window')
  const limit = String(limits.duplicateWindowSeconds)
  const observed = String((request.now - twin.at) / 1_000)
  return {
    id: 'R15',
    code: 'DUPLICATE_ORDER',
    passed: false,
    scope: strategyScope,
    limit,
    observed,
    unit: 'seconds',
    message: `age of an identical order ${observed} seconds, limit ${limit}`,
  }
}

/** The newest are last. A plain loop: `findLast` is not compiled into its caller. */
function latestTwin(
  { order, recentOrders }: RiskRequest,
  quantity: Exact,
  since: number,
): RecentOrder | null {
  for (let index = recentOrders.length - 1; index >= 0; index -= 1) {
    const recent = recentOrders[index] as RecentOrder
    if (recent.at > since && isTwin(order, quantity, recent)) return recent
  }
  return null
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
