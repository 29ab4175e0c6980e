import type { Series } from './series.ts'
import { present } from './series.ts'

/**
 * Ulcer index: `sqrt(sum(drawdown^2) / (n - ddof))` of a series of drawdowns, as a fraction. Null below ddof + 1 points.
 * Source: P. Martin (1987).
 */
export function ulcerIndex(drawdowns: Series, ddof: 0 | 1 = 0): number | null {
  const seen = present(drawdowns)
  if (seen.length <= ddof) return null
  let squares = 0
  for (const value of seen) squares += value * value
  return Math.sqrt(squares / (seen.length - ddof))
}

/** Pain index: mean of |drawdown|, as a fraction. Null without points. Source: T. Becker (2006). */
export function painIndex(drawdowns: Series): number | null {
  const seen = present(drawdowns)
  if (seen.length === 0) return null
  let sum = 0
  for (const value of seen) sum += Math.abs(value)
  return sum / seen.length
}
