import { type Check, compared, formatUsd, unknown } from '../check.ts'
import { compare, exact, plus } from '../exact.ts'

/** R08: notional, fees and working buys together must not exceed the account's free balance. */
export const r08FreeBalance: Check = {
  id: 'R08',
  exemptsReducing: true,
  run({ request, notional, accountScope }) {
    const { freeBalanceUsd, estimatedFeesUsd, workingBuysUsd } = request.books
    if (notional === null || freeBalanceUsd === null) {
      return [unknown('R08', 'INSUFFICIENT_FREE_BALANCE', accountScope, 'USD', 'needed balance')]
    }
    const needed = plus(plus(notional, exact(estimatedFeesUsd)), exact(workingBuysUsd))
    return [
      compared({
        id: 'R08',
        code: 'INSUFFICIENT_FREE_BALANCE',
        passed: compare(needed, exact(freeBalanceUsd)) <= 0,
        scope: accountScope,
        limit: freeBalanceUsd,
        observed: formatUsd(needed),
        unit: 'USD',
        message: 'needed balance',
      }),
    ]
  },
}
