import type { Series } from './series.ts'
import { deviation, mean, present, ratio } from './series.ts'

/**
 * System quality number: `sqrt(n) x mean / std(ddof 1)` of the results per trade. Null below two trades or without
 * variation. Source: V. Tharp, Trade Your Way to Financial Freedom.
 */
export function sqn(results: Series): number | null {
  const seen = present(results)
  const perTrade = ratio(mean(seen), deviation(seen, 1))
  return perTrade === null ? null : perTrade * Math.sqrt(seen.length)
}
