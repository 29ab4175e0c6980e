import { type Check, type CheckContext, formatUsd, moneyOf, report, unknown } from '../check.ts'
import { compare, exact, plus, times } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/** R14: notional submitted in the rolling window, this order included, over twice the allocation. */
export const r14WindowNotional: Check = {
  id: 'R14',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge(context: CheckContext): CheckResult {
  const { request, limits, notional, strategyScope } = context
  const { allocation } = moneyOf(context)
  if (notional === null || allocation === null) {
    return unknown('R14', 'WINDOW_NOTIONAL', strategyScope, 'USD', 'notional in the window')
  }
  const since = request.now - limits.windowSeconds * 1_000
  let total = notional
  for (const recent of request.recentOrders)
    if (recent.at > since) total = plus(total, exact(recent.notionalUsd))
  const most = times(allocation, exact(limits.windowNotionalOfAllocation))
  const limit = formatUsd(most)
  const observed = formatUsd(total)
  return {
    id: 'R14',
    code: 'WINDOW_NOTIONAL',
    passed: compare(total, most) <= 0,
    scope: strategyScope,
    limit,
    observed,
    unit: 'USD',
    message: `notional within ${limits.windowSeconds} s ${observed} USD, limit ${limit}`,
  }
}
