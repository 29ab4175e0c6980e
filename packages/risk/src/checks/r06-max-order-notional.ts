import { type Check, formatUsd, moneyOf, report, unknown } from '../check.ts'
import { type Exact, compare, exact, times } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/** R06: one order's notional against 25 % of the account's equity and 100 % of the strategy's allocation. */
export const r06MaxOrderNotional: Check = {
  id: 'R06',
  exemptsReducing: true,
  run(context) {
    const { limits, notional, accountScope, strategyScope } = context
    const { accountEquity, allocation } = moneyOf(context)
    const order = notional && { notional, observed: formatUsd(notional) }
    report(context, judge(accountScope, order, accountEquity, limits.maxOrderNotionalOfAccountEquity))
    report(context, judge(strategyScope, order, allocation, limits.maxOrderNotionalOfAllocation))
  },
}

function judge(
  scope: string,
  order: { notional: Exact; observed: string } | null,
  base: Exact | null,
  share: string,
): CheckResult {
  if (order === null || base === null)
    return unknown('R06', 'MAX_ORDER_NOTIONAL', scope, 'USD', 'order notional')
  const { notional, observed } = order
  const most = times(base, exact(share))
  const limit = formatUsd(most)
  return {
    id: 'R06',
    code: 'MAX_ORDER_NOTIONAL',
    passed: compare(notional, most) <= 0,
    scope,
    limit,
    observed,
    unit: 'USD',
    message: `order notional ${observed} USD, limit ${limit}`,
  }
}
