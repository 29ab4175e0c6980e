import { type Check, type CheckContext, formatUsd, moneyOf, report, unknown } from '../check.ts'
import {
  type Exact,
  abs,
  compare,
  compareProducts,
  exact,
  exactOrNull,
  format,
  minus,
  plus,
  productQuotient,
  sign,
  times,
  whole,
} from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/** R11: the strategy's notional over its allocation, and what the order loses at its stop over 2 % of equity. */
export const r11StrategyAllocation: Check = {
  id: 'R11',
  exemptsReducing: true,
  run(context) {
    report(context, allocation(context))
    report(context, riskPerTrade(context))
  },
}

function allocation(context: CheckContext): CheckResult {
  const { request, notional, strategyScope } = context
  const { allocationUsd } = request.books
  const money = moneyOf(context)
  if (notional === null || allocationUsd === null || money.allocation === null) {
    return unknown('R11', 'STRATEGY_ALLOCATION', strategyScope, 'USD', 'strategy notional')
  }
  const total = plus(money.strategyGross, notional)
  const observed = formatUsd(total)
  return {
    id: 'R11',
    code: 'STRATEGY_ALLOCATION',
    passed: compare(total, money.allocation) <= 0,
    scope: strategyScope,
    limit: allocationUsd,
    observed,
    unit: 'USD',
    message: `strategy notional ${observed} USD, limit ${allocationUsd}`,
  }
}

function riskPerTrade(context: CheckContext): CheckResult {
  const { request, limits, notional, strategyScope } = context
  const { strategyEquity } = moneyOf(context)
  const share = riskShare(context)
  if (notional === null || strategyEquity === null || share === null) {
    return unknown('R11', 'MAX_RISK_PER_TRADE', strategyScope, 'USD', 'risk of the trade')
  }
  const most = times(strategyEquity, exact(limits.maxRiskPerTrade))
  const limit = formatUsd(most)
  const observed = format(productQuotient(notional, share.part, share.whole, 8))
  const start = request.order.stopLoss === null ? 'risk of the trade (no stop) ' : 'risk of the trade '
  return {
    id: 'R11',
    code: 'MAX_RISK_PER_TRADE',
    // notional x part / whole <= most, without dividing.
    passed: compareProducts(notional, share.part, most, share.whole) <= 0,
    scope: strategyScope,
    limit,
    observed,
    unit: 'USD',
    message: `${start}${observed} USD, limit ${limit}`,
  }
}

/** Share of the notional lost at the stop, as a fraction of two prices. */
function riskShare(context: CheckContext): { part: Exact; whole: Exact } | null {
  const { stopLoss, stopPrice } = context.request.order
  if (stopLoss === null) return { part: exact(context.limits.assumedRiskWithoutStop), whole: whole(1) }
  const entry = context.limitPrice ?? exactOrNull(stopPrice) ?? context.referencePrice
  if (entry === null || sign(entry) <= 0) return null
  return { part: abs(minus(entry, exact(stopLoss))), whole: entry }
}
