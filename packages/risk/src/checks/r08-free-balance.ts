import { type Check, type CheckContext, formatUsd, report, unknown } from '../check.ts'
import { compare, exact, plus } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/** R08: notional, fees and working buys together must not exceed the account's free balance. */
export const r08FreeBalance: Check = {
  id: 'R08',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge({ request, notional, accountScope }: CheckContext): CheckResult {
  const { freeBalanceUsd, estimatedFeesUsd, workingBuysUsd } = request.books
  if (notional === null || freeBalanceUsd === null) {
    return unknown('R08', 'INSUFFICIENT_FREE_BALANCE', accountScope, 'USD', 'needed balance')
  }
  const needed = plus(plus(notional, exact(estimatedFeesUsd)), exact(workingBuysUsd))
  const observed = formatUsd(needed)
  return {
    id: 'R08',
    code: 'INSUFFICIENT_FREE_BALANCE',
    passed: compare(needed, exact(freeBalanceUsd)) <= 0,
    scope: accountScope,
    limit: freeBalanceUsd,
    observed,
    unit: 'USD',
    message: `needed balance ${observed} USD, limit ${freeBalanceUsd}`,
  }
}
