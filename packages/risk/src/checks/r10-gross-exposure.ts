import { type Check, type CheckContext, formatUsd, moneyOf, report, unknown } from '../check.ts'
import { type Exact, compare, exact, plus, times } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/**
 * R10: absolute positions, working entries and this order, over all strategies, against the account's equity. A strategy
 * may be held to a smaller share of it than the account, not to a larger one.
 */
export const r10GrossExposure: Check = {
  id: 'R10',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge(context: CheckContext): CheckResult {
  const { limits, accountLimits, notional, accountScope } = context
  const { accountEquity, accountGross } = moneyOf(context)
  if (notional === null || accountEquity === null) {
    return unknown('R10', 'MAX_GROSS_EXPOSURE', accountScope, 'USD', 'gross exposure')
  }
  const gross = plus(accountGross, notional)
  const share = smaller(exact(limits.maxGrossExposure), exact(accountLimits.maxGrossExposure))
  const most = times(accountEquity, share)
  const limit = formatUsd(most)
  const observed = formatUsd(gross)
  return {
    id: 'R10',
    code: 'MAX_GROSS_EXPOSURE',
    passed: compare(gross, most) <= 0,
    scope: accountScope,
    limit,
    observed,
    unit: 'USD',
    message: `gross exposure ${observed} USD, limit ${limit}`,
  }
}

const smaller = (a: Exact, b: Exact): Exact => (compare(a, b) < 0 ? a : b)
