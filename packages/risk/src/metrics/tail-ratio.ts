import type { Series } from './series.ts'
import { quantile, ratio } from './series.ts'

/** Tail ratio: |95th percentile| over |5th percentile|, linear interpolation. Null without returns or a flat left tail. */
export function tailRatio(returns: Series): number | null {
  const tails = ratio(quantile(returns, 0.95), quantile(returns, 0.05))
  return tails === null ? null : Math.abs(tails)
}
