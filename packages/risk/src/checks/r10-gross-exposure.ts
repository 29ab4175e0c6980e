import { type Check, compared, formatUsdWide, unknown } from '../check.ts'
import { ONE_SCALED, toScaled } from '../scaled.ts'

/** R10: absolute positions, working entries and this order, over all strategies, against the account's equity. */
export const r10GrossExposure: Check = {
  id: 'R10',
  exemptsReducing: true,
  run({ request, accountLimits, notionalWide, accountScope }) {
    const { accountEquityUsd, accountGrossUsd } = request.books
    if (notionalWide === null || accountEquityUsd === null) {
      return [unknown('MAX_GROSS_EXPOSURE', accountScope, 'USD', 'gross exposure')]
    }
    const gross = toScaled(accountGrossUsd) * ONE_SCALED + notionalWide
    const limitWide = toScaled(accountEquityUsd) * toScaled(accountLimits.maxGrossExposure)
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
