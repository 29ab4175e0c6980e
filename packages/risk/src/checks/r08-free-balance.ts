import { type Check, compared, formatUsdWide, unknown } from '../check.ts'
import { ONE_SCALED, toScaled } from '../scaled.ts'

/** R08: notional, fees and working buys together must not exceed the account's free balance. */
export const r08FreeBalance: Check = {
  id: 'R08',
  exemptsReducing: true,
  run({ request, notionalWide, accountScope }) {
    const { freeBalanceUsd, estimatedFeesUsd, workingBuysUsd } = request.books
    if (notionalWide === null || freeBalanceUsd === null) {
      return [unknown('INSUFFICIENT_FREE_BALANCE', accountScope, 'USD', 'needed balance')]
    }
    const needed = notionalWide + (toScaled(estimatedFeesUsd) + toScaled(workingBuysUsd)) * ONE_SCALED
    return [
      compared({
        code: 'INSUFFICIENT_FREE_BALANCE',
        scope: accountScope,
        passed: needed <= toScaled(freeBalanceUsd) * ONE_SCALED,
        limit: freeBalanceUsd,
        observed: formatUsdWide(needed),
        unit: 'USD',
        what: 'needed balance',
      }),
    ]
  },
}
