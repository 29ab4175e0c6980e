import { type Check, type CheckContext, report, stated } from '../check.ts'
import type { RestingOrder, RiskOrder } from '../request.ts'
import { type Exact, compare, exact } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/**
 * R22: would cross a resting limit order of the same account. A market order is taken to reach the reference price;
 * without one it is taken to cross.
 */
export const r22SelfTrade: Check = {
  id: 'R22',
  exemptsReducing: false,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limitPrice, referencePrice, accountScope }: CheckContext): CheckResult {
  const reach = limitPrice ?? referencePrice
  const crossed = request.restingOrders.find((resting) => crosses(request.order, reach, resting))
  const message =
    crossed === undefined
      ? 'crosses no order of the account'
      : `would trade with own order ${crossed.orderId}`
  return stated('R22', 'SELF_TRADE', accountScope, crossed === undefined, message)
}

function crosses(order: RiskOrder, reach: Exact | null, resting: RestingOrder): boolean {
  if (resting.symbol !== order.symbol || resting.side === order.side || order.orderType === 'STOP')
    return false
  if (reach === null) return true
  const distance = compare(reach, exact(resting.limitPrice))
  return order.side === 'BUY' ? distance >= 0 : distance <= 0
}
