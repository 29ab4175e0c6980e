import { type Check, type CheckContext, report, unknown } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R18: ticks older than 10 s, bars older than 2 expected bars, counted in session time. No data is stale. */
export const r18StaleMarketData: Check = {
  id: 'R18',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limits, symbolScope: scope }: CheckContext): CheckResult {
  const { feed } = request.market
  if (feed === null || feed.ageSeconds === null) {
    return unknown('R18', 'STALE_MARKET_DATA', scope, 'seconds', 'age of the last price')
  }
  const most = feed.kind === 'ticks' ? limits.maxTickAgeSeconds : limits.maxBarAgeBars * feed.intervalSeconds
  const limit = String(most)
  const observed = String(feed.ageSeconds)
  return {
    id: 'R18',
    code: 'STALE_MARKET_DATA',
    passed: feed.ageSeconds <= most,
    scope,
    limit,
    observed,
    unit: 'seconds',
    message: `age of the last price in session time ${observed} seconds, limit ${limit}`,
  }
}
