import { type Check, compared, formatUsd, moneyOf, unknown } from '../check.ts'
import { compare, exact, plus, times } from '../exact.ts'

/** R14: notional submitted in the rolling window, this order included, over twice the allocation. */
export const r14WindowNotional: Check = {
  id: 'R14',
  exemptsReducing: true,
  run(context) {
    const { request, limits, notional, strategyScope } = context
    const { allocation } = moneyOf(context)
    if (notional === null || allocation === null) {
      return [unknown('R14', 'WINDOW_NOTIONAL', strategyScope, 'USD', 'notional in the window')]
    }
    const since = request.now - limits.windowSeconds * 1_000
    const total = request.recentOrders
      .filter((recent) => recent.at > since)
      .reduce((sum, recent) => plus(sum, exact(recent.notionalUsd)), notional)
    const limit = times(allocation, exact(limits.windowNotionalOfAllocation))
    return [
      compared({
        id: 'R14',
        code: 'WINDOW_NOTIONAL',
        scope: strategyScope,
        passed: compare(total, limit) <= 0,
        limit: formatUsd(limit),
        observed: formatUsd(total),
        unit: 'USD',
        what: `notional within ${limits.windowSeconds} s`,
      }),
    ]
  },
}
