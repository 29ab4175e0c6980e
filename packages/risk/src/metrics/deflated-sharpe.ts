import { normalCdf, normalQuantile } from './normal.ts'
import type { Series } from './series.ts'
import { defined, present } from './series.ts'
import { sharpe } from './sharpe.ts'
import { kurtosis, skew } from './skew.ts'

const EULER_MASCHERONI = 0.577_215_664_901_532_9

/**
 * Probability that the true Sharpe ratio is above `threshold` (per period), given length, skew and fat tails:
 * `N((SR - threshold) sqrt(n - 1) / sqrt(1 - skew SR + (kurtosis - 1) / 4 SR^2))`. Null below four returns.
 * Source: D. Bailey and M. Lopez de Prado, The Sharpe Ratio Efficient Frontier (2012).
 */
export function probabilisticSharpe(returns: Series, threshold = 0): number | null {
  const n = present(returns).length
  // Where one is undefined, the result is.
  const ratio = sharpe(returns, { periodsPerYear: 1 }) ?? Number.NaN
  const skewness = skew(returns) ?? Number.NaN
  const fourth = kurtosis(returns) ?? Number.NaN
  const spread = 1 - skewness * ratio + ((fourth + 2) / 4) * ratio * ratio
  return defined(normalCdf(((ratio - threshold) * Math.sqrt(n - 1)) / Math.sqrt(spread)))
}

/**
 * Deflated Sharpe ratio: the probability that the Sharpe ratio beats the best that `trials` random strategies would
 * show, whose ratios (per period) vary by `variance`. Null as {@link probabilisticSharpe}, or with fewer than two trials.
 * Source: D. Bailey and M. Lopez de Prado, The Deflated Sharpe Ratio (2014).
 */
export function deflatedSharpe(returns: Series, trials: number, variance: number): number | null {
  if (trials < 2) return null
  const expectedMaximum =
    Math.sqrt(variance) *
    ((1 - EULER_MASCHERONI) * normalQuantile(1 - 1 / trials) +
      EULER_MASCHERONI * normalQuantile(1 - 1 / (trials * Math.E)))
  return probabilisticSharpe(returns, expectedMaximum)
}
