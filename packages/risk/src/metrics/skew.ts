import type { Series } from './series.ts'
import { averageOf, defined, deviation, present } from './series.ts'

/** Sum of the `power`th powers of the standardised values (population deviation); no finite number without variation. */
function standardisedPowerSum(values: Series, power: number): { sum: number; n: number } {
  const seen = present(values)
  const center = averageOf(seen)
  const std = deviation(seen, 0) ?? 0
  let sum = 0
  for (const value of seen) sum += ((value - center) / std) ** power
  return { sum, n: seen.length }
}

/**
 * Skewness, bias-corrected: `g1 x sqrt(n (n-1)) / (n-2)`, g1 the third standardised moment. Null below three values
 * or without variation. Source: Joanes and Gill (1998), G1; pandas `skew`.
 */
export function skew(values: Series): number | null {
  const { sum, n } = standardisedPowerSum(values, 3)
  return defined(((sum / n) * Math.sqrt(n * (n - 1))) / (n - 2))
}

/**
 * Excess kurtosis, bias-corrected: `(n-1) / ((n-2)(n-3)) x ((n+1) g2 + 6)`, g2 the fourth standardised moment less 3.
 * Null below four values or without variation. Source: Joanes and Gill (1998), G2; pandas `kurt`.
 */
export function kurtosis(values: Series): number | null {
  const { sum, n } = standardisedPowerSum(values, 4)
  return defined(((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * (sum / n - 3) + 6))
}
