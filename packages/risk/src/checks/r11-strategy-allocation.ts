import { type Check, type CheckContext, compared, formatUsd, moneyOf, unknown } from '../check.ts'
import {
  type Exact,
  abs,
  compare,
  exact,
  exactOrNull,
  format,
  minus,
  plus,
  quotient,
  sign,
  times,
  whole,
} from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/** R11: the strategy's notional over its allocation, and what the order loses at its stop over 2 % of equity. */
export const r11StrategyAllocation: Check = {
  id: 'R11',
  exemptsReducing: true,
  run: (context) => [allocation(context), riskPerTrade(context)],
}

function allocation(context: CheckContext): CheckResult {
  const { request, notional, strategyScope } = context
  const { allocationUsd } = request.books
  const money = moneyOf(context)
  if (notional === null || allocationUsd === null || money.allocation === null) {
    return unknown('R11', 'STRATEGY_ALLOCATION', strategyScope, 'USD', 'strategy notional')
  }
  const total = plus(money.strategyGross, notional)
  return compared({
    id: 'R11',
    code: 'STRATEGY_ALLOCATION',
    passed: compare(total, money.allocation) <= 0,
    scope: strategyScope,
    limit: allocationUsd,
    observed: formatUsd(total),
    unit: 'USD',
    message: 'strategy notional',
  })
}

function riskPerTrade(context: CheckContext): CheckResult {
  const { request, limits, notional, strategyScope } = context
  const what = 'risk of the trade'
  const { strategyEquity } = moneyOf(context)
  const share = riskShare(context)
  if (notional === null || strategyEquity === null || share === null) {
    return unknown('R11', 'MAX_RISK_PER_TRADE', strategyScope, 'USD', what)
  }
  const limit = times(strategyEquity, exact(limits.maxRiskPerTrade))
  // notional x part / whole <= limit, without dividing.
  const risk = times(notional, share.part)
  return compared({
    id: 'R11',
    code: 'MAX_RISK_PER_TRADE',
    passed: compare(risk, times(limit, share.whole)) <= 0,
    scope: strategyScope,
    limit: formatUsd(limit),
    observed: format(quotient(risk, share.whole, 8)),
    unit: 'USD',
    message: request.order.stopLoss === null ? `${what} (no stop)` : what,
  })
}

/** Share of the notional lost at the stop, as a fraction of two prices. */
function riskShare(context: CheckContext): { part: Exact; whole: Exact } | null {
  const { stopLoss, stopPrice } = context.request.order
  if (stopLoss === null) return { part: exact(context.limits.assumedRiskWithoutStop), whole: whole(1) }
  const entry = context.limitPrice ?? exactOrNull(stopPrice) ?? context.referencePrice
  if (entry === null || sign(entry) <= 0) return null
  return { part: abs(minus(entry, exact(stopLoss))), whole: entry }
}
