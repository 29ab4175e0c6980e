import { type Check, compared, formatUsdWide, moneyOf, unknown } from '../check.ts'
import { ONE_SCALED, toScaled } from '../scaled.ts'

/**
 * R10: absolute positions, working entries and this order, over all strategies, against the account's equity. A strategy
 * may be held to a smaller share of it than the account, not to a larger one.
 */
export const r10GrossExposure: Check = {
  id: 'R10',
  exemptsReducing: true,
  run(context) {
    const { limits, accountLimits, notionalWide, accountScope } = context
    const { accountEquity, accountGross } = moneyOf(context)
    if (notionalWide === null || accountEquity === null) {
      return [unknown('MAX_GROSS_EXPOSURE', accountScope, 'USD', 'gross exposure')]
    }
    const gross = accountGross * ONE_SCALED + notionalWide
    const limitWide =
      accountEquity * smaller(toScaled(limits.maxGrossExposure), toScaled(accountLimits.maxGrossExposure))
    return [
      compared({
        code: 'MAX_GROSS_EXPOSURE',
        scope: accountScope,
        passed: gross <= limitWide,
        limit: formatUsdWide(limitWide),
        observed: formatUsdWide(gross),
        unit: 'USD',
        what: 'gross exposure',
      }),
    ]
  },
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
