import { type Check, compared, unknown } from '../check.ts'

/** R18: ticks older than 10 s, bars older than 2 expected bars, counted in session time. No data is stale. */
export const r18StaleMarketData: Check = {
  id: 'R18',
  exemptsReducing: true,
  run({ request, limits, symbolScope: scope }) {
    const { feed } = request.market
    if (feed === null || feed.ageSeconds === null) {
      return [unknown('R18', 'STALE_MARKET_DATA', scope, 'seconds', 'age of the last price')]
    }
    const limit =
      feed.kind === 'ticks' ? limits.maxTickAgeSeconds : limits.maxBarAgeBars * feed.intervalSeconds
    return [
      compared({
        id: 'R18',
        code: 'STALE_MARKET_DATA',
        scope,
        passed: feed.ageSeconds <= limit,
        limit: String(limit),
        observed: String(feed.ageSeconds),
        unit: 'seconds',
        message: 'age of the last price in session time',
      }),
    ]
  },
}
