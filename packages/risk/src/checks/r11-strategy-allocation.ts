import { type Check, type CheckContext, type Finding, compared, formatUsdWide, unknown } from '../check.ts'
import { ONE_SCALED, absScaled, formatScaled, toScaled } from '../scaled.ts'

/** R11: the strategy's notional over its allocation, and what the order loses at its stop over 2 % of equity. */
export const r11StrategyAllocation: Check = {
  id: 'R11',
  exemptsReducing: true,
  run: (context) => [allocation(context), riskPerTrade(context)],
}

function allocation({ request, notionalWide, strategyScope }: CheckContext): Finding {
  const { allocationUsd, strategyGrossUsd } = request.books
  if (notionalWide === null || allocationUsd === null) {
    return unknown('STRATEGY_ALLOCATION', strategyScope, 'USD', 'strategy notional')
  }
  const notional = toScaled(strategyGrossUsd) * ONE_SCALED + notionalWide
  return compared({
    code: 'STRATEGY_ALLOCATION',
    scope: strategyScope,
    passed: notional <= toScaled(allocationUsd) * ONE_SCALED,
    limit: allocationUsd,
    observed: formatUsdWide(notional),
    unit: 'USD',
    what: 'strategy notional',
  })
}

function riskPerTrade({ request, limits, notionalWide, strategyScope }: CheckContext): Finding {
  const what = 'risk of the trade'
  const equity = request.books.strategyEquityUsd
  const share = riskShare(request, toScaled(limits.assumedRiskWithoutStop))
  if (notionalWide === null || equity === null || share === null) {
    return unknown('MAX_RISK_PER_TRADE', strategyScope, 'USD', what)
  }
  const limitWide = toScaled(equity) * toScaled(limits.maxRiskPerTrade)
  // notional x part / whole <= limit, without dividing.
  const risk = notionalWide * share.part
  return compared({
    code: 'MAX_RISK_PER_TRADE',
    scope: strategyScope,
    passed: risk <= limitWide * share.whole,
    limit: formatUsdWide(limitWide),
    observed: formatScaled(risk / share.whole, 2, 8),
    unit: 'USD',
    what: request.order.stopLoss === null ? `${what} (no stop)` : what,
  })
}

/** Share of the notional lost at the stop, as a fraction of two scaled prices. */
function riskShare(
  { order, market }: CheckContext['request'],
  assumed: bigint,
): { part: bigint; whole: bigint } | null {
  if (order.stopLoss === null) return { part: assumed, whole: ONE_SCALED }
  const entry = order.limitPrice ?? order.stopPrice ?? market.referencePrice
  const whole = entry === null ? 0n : toScaled(entry)
  return whole <= 0n ? null : { part: absScaled(whole - toScaled(order.stopLoss)), whole }
}
