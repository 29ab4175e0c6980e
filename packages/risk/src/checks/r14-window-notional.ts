import { type Check, compared, formatUsdWide, moneyOf, unknown } from '../check.ts'
import { ONE_SCALED, toScaled } from '../scaled.ts'

/** R14: notional submitted in the rolling window, this order included, over twice the allocation. */
export const r14WindowNotional: Check = {
  id: 'R14',
  exemptsReducing: true,
  run(context) {
    const { request, limits, notionalWide, strategyScope } = context
    const { allocation } = moneyOf(context)
    if (notionalWide === null || allocation === null) {
      return [unknown('WINDOW_NOTIONAL', strategyScope, 'USD', 'notional in the window')]
    }
    const since = request.now - limits.windowSeconds * 1_000
    const submitted = request.recentOrders
      .filter((recent) => recent.at > since)
      .reduce((sum, recent) => sum + toScaled(recent.notionalUsd), 0n)
    const total = submitted * ONE_SCALED + notionalWide
    const limitWide = allocation * toScaled(limits.windowNotionalOfAllocation)
    return [
      compared({
        code: 'WINDOW_NOTIONAL',
        scope: strategyScope,
        passed: total <= limitWide,
        limit: formatUsdWide(limitWide),
        observed: formatUsdWide(total),
        unit: 'USD',
        what: `notional within ${limits.windowSeconds} s`,
      }),
    ]
  },
}
