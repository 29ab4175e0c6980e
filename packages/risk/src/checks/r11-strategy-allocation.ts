import { type Check, type CheckContext, compared, formatUsdWide, moneyOf, unknown } from '../check.ts'
import { ONE_SCALED, type Scaled, absScaled, toScaled, toScaledOrNull } from '../scaled.ts'
import type { CheckResult } from '../verdict.ts'

/** R11: the strategy's notional over its allocation, and what the order loses at its stop over 2 % of equity. */
export const r11StrategyAllocation: Check = {
  id: 'R11',
  exemptsReducing: true,
  run: (context) => [allocation(context), riskPerTrade(context)],
}

function allocation(context: CheckContext): CheckResult {
  const { request, notionalWide, strategyScope } = context
  const { allocationUsd } = request.books
  const money = moneyOf(context)
  if (notionalWide === null || allocationUsd === null || money.allocation === null) {
    return unknown('STRATEGY_ALLOCATION', strategyScope, 'USD', 'strategy notional')
  }
  const notional = money.strategyGross * ONE_SCALED + notionalWide
  return compared({
    code: 'STRATEGY_ALLOCATION',
    scope: strategyScope,
    passed: notional <= money.allocation * ONE_SCALED,
    limit: allocationUsd,
    observed: formatUsdWide(notional),
    unit: 'USD',
    what: 'strategy notional',
  })
}

function riskPerTrade(context: CheckContext): CheckResult {
  const { request, limits, notionalWide, strategyScope } = context
  const what = 'risk of the trade'
  const { strategyEquity } = moneyOf(context)
  const share = riskShare(context)
  if (notionalWide === null || strategyEquity === null || share === null) {
    return unknown('MAX_RISK_PER_TRADE', strategyScope, 'USD', what)
  }
  const limitWide = strategyEquity * toScaled(limits.maxRiskPerTrade)
  // notional x part / whole <= limit, without dividing.
  const risk = notionalWide * share.part
  return compared({
    code: 'MAX_RISK_PER_TRADE',
    scope: strategyScope,
    passed: risk <= limitWide * share.whole,
    limit: formatUsdWide(limitWide),
    observed: formatUsdWide(risk / share.whole),
    unit: 'USD',
    what: request.order.stopLoss === null ? `${what} (no stop)` : what,
  })
}

/** Share of the notional lost at the stop, as a fraction of two scaled prices. */
function riskShare(context: CheckContext): { part: Scaled; whole: Scaled } | null {
  const { stopLoss, stopPrice } = context.request.order
  if (stopLoss === null) return { part: toScaled(context.limits.assumedRiskWithoutStop), whole: ONE_SCALED }
  const whole = context.limitPrice ?? toScaledOrNull(stopPrice) ?? context.referencePrice ?? 0n
  return whole <= 0n ? null : { part: absScaled(whole - toScaled(stopLoss)), whole }
}
