import { defined } from './series.ts'

const DAY_MS = 86_400_000

/** Calendar time between two instants (ms since the epoch) in years of `daysPerYear` days. */
export function yearFraction(fromMs: number, toMs: number, daysPerYear = 365.25): number {
  return (toMs - fromMs) / (daysPerYear * DAY_MS)
}

/**
 * Compound annual growth rate by calendar time: `(last / first)^(1 / years) - 1`, years = elapsed days / 365.25.
 * Null if no time passed, the start is not positive or the end is negative. Source: ffn `calc_cagr`.
 */
export function cagr(
  first: number,
  last: number,
  fromMs: number,
  toMs: number,
  daysPerYear = 365.25,
): number | null {
  const years = yearFraction(fromMs, toMs, daysPerYear)
  if (!(years > 0) || !(first > 0) || !(last >= 0)) return null
  return defined((last / first) ** (1 / years) - 1)
}
