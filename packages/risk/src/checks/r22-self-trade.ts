import { type Check, stated } from '../check.ts'
import type { RestingOrder, RiskRequest } from '../request.ts'
import { toScaled } from '../scaled.ts'

/**
 * R22: would cross a resting limit order of the same account. A market order is taken to reach the reference price;
 * without one it is taken to cross.
 */
export const r22SelfTrade: Check = {
  id: 'R22',
  exemptsReducing: false,
  run({ request, accountScope }) {
    const crossed = request.restingOrders.find((resting) => crosses(request, resting))
    const message =
      crossed === undefined
        ? 'crosses no order of the account'
        : `would trade with own order ${crossed.orderId}`
    return [stated('SELF_TRADE', accountScope, crossed === undefined, message)]
  },
}

function crosses({ order, market }: RiskRequest, resting: RestingOrder): boolean {
  if (resting.symbol !== order.symbol || resting.side === order.side || order.orderType === 'STOP')
    return false
  const reach = order.limitPrice ?? market.referencePrice
  if (reach === null) return true
  const distance = toScaled(reach) - toScaled(resting.limitPrice)
  return order.side === 'BUY' ? distance >= 0n : distance <= 0n
}
