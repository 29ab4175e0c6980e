import { normalQuantile } from './normal.ts'
import type { Series } from './series.ts'
import { averageOf, defined, deviation, mean, present, quantile, quantileOfSorted } from './series.ts'

/**
 * Historical value at risk per period: the `share` quantile of the returns (type 7), a negative number for a loss.
 * Null without returns. Source: empyrical `value_at_risk`; PerformanceAnalytics `VaR(method = "historical")`.
 */
export function valueAtRisk(returns: Series, share = 0.05): number | null {
  return quantile(returns, share)
}

/** Value at risk of a normal distribution: `mean + z(share) x population deviation`. Source: PerformanceAnalytics. */
export function gaussianValueAtRisk(returns: Series, share = 0.05): number | null {
  const seen = present(returns)
  return defined(averageOf(seen) + normalQuantile(share) * (deviation(seen, 0) ?? 0))
}

/**
 * Expected return in the tail (CVaR, expected shortfall), negative for a loss. `'lowest'` (default) averages the
 * `trunc((n - 1) x share) + 1` lowest returns as empyrical does; `'below_var'` all returns at or below the historical
 * value at risk as PerformanceAnalytics does. Null without returns.
 */
export function conditionalValueAtRisk(
  returns: Series,
  share = 0.05,
  tail: 'lowest' | 'below_var' = 'lowest',
): number | null {
  const sorted = present(returns).toSorted()
  if (tail === 'lowest') return mean(sorted.subarray(0, Math.trunc((sorted.length - 1) * share) + 1))
  const limit = quantileOfSorted(sorted, share)
  return mean(sorted.filter((value) => value <= limit))
}
