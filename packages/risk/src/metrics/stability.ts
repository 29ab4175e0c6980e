import type { Series } from './series.ts'
import { defined, present } from './series.ts'

/**
 * Stability: R squared of a straight line through the cumulative log returns, 0..1. Null below two returns or without
 * any movement. Source: empyrical `stability_of_timeseries`.
 */
export function stability(returns: Series): number | null {
  const seen = present(returns)
  const n = seen.length
  let level = 0
  const levels = seen.map((value) => (level += Math.log1p(value)))
  const meanX = (n - 1) / 2
  const meanY = levels.reduce((sum, value) => sum + value, 0) / n
  let xy = 0
  let xx = 0
  let yy = 0
  for (let i = 0; i < n; i++) {
    xy += (i - meanX) * (levels[i]! - meanY)
    xx += (i - meanX) ** 2
    yy += (levels[i]! - meanY) ** 2
  }
  return defined((xy * xy) / (xx * yy))
}
