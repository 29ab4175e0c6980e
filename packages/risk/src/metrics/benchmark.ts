import { annualReturn } from './annual-return.ts'
import type { ReturnConvention, Series } from './series.ts'
import { averageOf, defined, deviation, mean, ratio, TRADING_DAYS } from './series.ts'

/** The rows on which both series have an observation. */
export function paired(returns: Series, benchmark: Series): { r: Float64Array; b: Float64Array } {
  const n = Math.min(returns.length, benchmark.length)
  const r: number[] = []
  const b: number[] = []
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(returns[i]!) || Number.isNaN(benchmark[i]!)) continue
    r.push(returns[i]!)
    b.push(benchmark[i]!)
  }
  return { r: Float64Array.from(r), b: Float64Array.from(b) }
}

/** Beta: `cov(r, b) / var(b)` over common rows. Null below two rows or when the benchmark stands still. */
export function beta(returns: Series, benchmark: Series): number | null {
  const { r, b } = paired(returns, benchmark)
  if ((deviation(b, 1) ?? 0) === 0) return null
  const meanR = averageOf(r)
  const meanB = averageOf(b)
  let covariance = 0
  let variance = 0
  for (let i = 0; i < r.length; i++) {
    covariance += (r[i]! - meanR) * (b[i]! - meanB)
    variance += (b[i]! - meanB) ** 2
  }
  return defined(covariance / variance)
}

/**
 * Jensen's alpha, annualised and compounded: `(mean(r - beta x b) + 1)^periodsPerYear - 1`. Null where beta is.
 * Source: empyrical `alpha`.
 */
export function alpha(
  returns: Series,
  benchmark: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear'> = {},
): number | null {
  const slope = beta(returns, benchmark)
  if (slope === null) return null
  const { r, b } = paired(returns, benchmark)
  const average = averageOf(r.map((value, i) => value - slope * b[i]!))
  return defined((average + 1) ** (convention.periodsPerYear ?? TRADING_DAYS) - 1)
}

/** Information ratio per period (not annualised): `mean(r - b) / std(r - b, ddof 1)`. Null without variation. */
export function informationRatio(returns: Series, benchmark: Series): number | null {
  const { r, b } = paired(returns, benchmark)
  const active = r.map((value, i) => value - b[i]!)
  return ratio(mean(active), deviation(active, 1))
}

/**
 * Capture ratio: annual return over that of the benchmark, over all rows, or over those on which the benchmark rose
 * (`'up'`) or fell (`'down'`). Null without such rows. Source: Morningstar; empyrical `capture`.
 */
export function capture(
  returns: Series,
  benchmark: Series,
  side: 'all' | 'up' | 'down' = 'all',
  convention: Pick<ReturnConvention, 'periodsPerYear'> = {},
): number | null {
  const { r, b } = paired(returns, benchmark)
  const chosen = (_: number, i: number): boolean => side === 'all' || (side === 'up' ? b[i]! > 0 : b[i]! < 0)
  return ratio(annualReturn(r.filter(chosen), convention), annualReturn(b.filter(chosen), convention))
}
