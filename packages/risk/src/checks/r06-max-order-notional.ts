import { type Check, compared, formatUsdWide, moneyOf, unknown } from '../check.ts'
import { type Scaled, toScaled } from '../scaled.ts'
import type { CheckResult } from '../verdict.ts'

/** R06: one order's notional against 25 % of the account's equity and 100 % of the strategy's allocation. */
export const r06MaxOrderNotional: Check = {
  id: 'R06',
  exemptsReducing: true,
  run(context) {
    const { limits, notionalWide, accountScope, strategyScope } = context
    const { accountEquity, allocation } = moneyOf(context)
    return [
      judge(accountScope, notionalWide, accountEquity, limits.maxOrderNotionalOfAccountEquity),
      judge(strategyScope, notionalWide, allocation, limits.maxOrderNotionalOfAllocation),
    ]
  },
}

function judge(scope: string, notionalWide: bigint | null, base: Scaled | null, share: string): CheckResult {
  if (notionalWide === null || base === null)
    return unknown('MAX_ORDER_NOTIONAL', scope, 'USD', 'order notional')
  const limitWide = base * toScaled(share)
  return compared({
    code: 'MAX_ORDER_NOTIONAL',
    scope,
    passed: notionalWide <= limitWide,
    limit: formatUsdWide(limitWide),
    observed: formatUsdWide(notionalWide),
    unit: 'USD',
    what: 'order notional',
  })
}
