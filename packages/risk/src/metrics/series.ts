/** A series of numbers, oldest first. NaN marks a missing observation; metrics skip it. */
export type Series = ArrayLike<number>

/** How a figure per period becomes a figure per year, and against what it is measured. */
export interface ReturnConvention {
  /** Periods per year: 252 for daily closes, 12 for months. 1 leaves the figure per period. Default 252. */
  periodsPerYear?: number
  /** Return per period that earns nothing: risk-free rate, required return or MAR. A number or a series. Default 0. */
  riskFree?: number | Series
  /** Deviations divide by n - ddof. Default 1 (sample). */
  ddof?: 0 | 1
}

export const TRADING_DAYS = 252

/** The observations without the missing ones; doubles of which none is missing come back as they are, not as a copy. */
export function present(values: Series): Float64Array {
  if (values instanceof Float64Array && !hasMissing(values)) return values
  const result = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isNaN(value)) result[count++] = value
  }
  return result.subarray(0, count)
}

function hasMissing(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) return true
  return false
}

/** Observations less a rate per period (a number, or a series of the same length), missing ones left out. */
export function excess(values: Series, rate: number | Series = 0): Float64Array {
  if (rate === 0) return present(values)
  const result = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    result[i] = values[i]! - (typeof rate === 'number' ? rate : (rate[i] ?? Number.NaN))
  }
  return present(result)
}

/** A result that may be undefined mathematically: NaN and infinities are null. */
export function defined(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** One figure over another; null where one of them is undefined, or the lower one is 0. */
export function ratio(upper: number | null, lower: number | null): number | null {
  return defined((upper ?? Number.NaN) / (lower ?? 0))
}

/** Arithmetic mean; null without observations. */
export function mean(values: Series): number | null {
  const seen = present(values)
  return seen.length === 0 ? null : averageOf(seen)
}

/** Arithmetic mean of numbers of which none is missing; NaN of none. */
export function averageOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/**
 * Standard deviation in two passes, divisor n - ddof; null below ddof + 1 observations. Exactly 0 when all are equal,
 * where the naive formula leaves 1e-18 and a Sharpe ratio of 1e16.
 */
export function deviation(values: Series, ddof: 0 | 1 = 1): number | null {
  const seen = present(values)
  if (seen.length <= ddof) return null
  const first = seen[0]!
  if (seen.every((value) => value === first)) return 0
  const center = averageOf(seen)
  let squares = 0
  for (const value of seen) squares += (value - center) ** 2
  return Math.sqrt(squares / (seen.length - ddof))
}

/**
 * Quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan: numpy, R's default).
 * @param share 0..1. Null without observations.
 */
export function quantile(values: Series, share: number): number | null {
  const sorted = present(values).toSorted()
  return sorted.length === 0 ? null : quantileOfSorted(sorted, share)
}

/** The same of at least one number in ascending order, none missing. */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (position - below)
}
