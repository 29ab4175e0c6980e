import { type Check, type CheckContext, type Finding, compared, formatUsdWide, unknown } from '../check.ts'
import { toScaled } from '../scaled.ts'

/** R06: one order's notional against 25 % of the account's equity and 100 % of the strategy's allocation. */
export const r06MaxOrderNotional: Check = {
  id: 'R06',
  exemptsReducing: true,
  run(context) {
    const { request, accountLimits, limits, accountScope, strategyScope } = context
    const { accountEquityUsd, allocationUsd } = request.books
    return [
      judge(context, accountScope, accountEquityUsd, accountLimits.maxOrderNotionalOfAccountEquity),
      judge(context, strategyScope, allocationUsd, limits.maxOrderNotionalOfAllocation),
    ]
  },
}

function judge(context: CheckContext, scope: string, baseUsd: string | null, share: string): Finding {
  const { notionalWide } = context
  if (notionalWide === null || baseUsd === null)
    return unknown('MAX_ORDER_NOTIONAL', scope, 'USD', 'order notional')
  const limitWide = toScaled(baseUsd) * toScaled(share)
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
