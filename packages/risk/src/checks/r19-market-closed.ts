import { type Check, type CheckContext, report, skipped, stated } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R19: MARKET orders for now outside [open, close). OPG and resting orders wait and are checked again at the open. */
export const r19MarketClosed: Check = {
  id: 'R19',
  exemptsReducing: false,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limits, reducing, symbolScope: scope }: CheckContext): CheckResult {
  const { orderType, timeInForce } = request.order
  if (reducing && limits.reducingExemptFromMarketClosed)
    return skipped('R19', 'MARKET_CLOSED', scope, 'reducing')
  if (orderType !== 'MARKET' || timeInForce === 'OPG')
    return skipped('R19', 'MARKET_CLOSED', scope, 'not_applicable')
  const { isOpen } = request.market
  const message = isOpen === null ? 'market hours are unknown' : `the market is ${isOpen ? 'open' : 'closed'}`
  return stated('R19', 'MARKET_CLOSED', scope, isOpen === true, message)
}
