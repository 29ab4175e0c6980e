import type { Series } from './series.ts'
import { defined, deviation, mean, present } from './series.ts'

/**
 * System quality number: `sqrt(n) x mean / std(ddof 1)` of the results per trade. Null below two trades or without
 * variation. Source: V. Tharp, Trade Your Way to Financial Freedom.
 */
export function sqn(results: Series): number | null {
  const seen = present(results)
  const average = mean(seen)
  const std = deviation(seen, 1)
  return average === null || std === null || std === 0
    ? null
    : defined((Math.sqrt(seen.length) * average) / std)
}
