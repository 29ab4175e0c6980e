import type { Series } from './series.ts'
import { defined, quantile } from './series.ts'

/** Tail ratio: |95th percentile| over |5th percentile|, linear interpolation. Null without returns or a flat left tail. */
export function tailRatio(returns: Series): number | null {
  const right = quantile(returns, 0.95)
  const left = quantile(returns, 0.05)
  return right === null || left === null ? null : defined(Math.abs(right) / Math.abs(left))
}
