import { Decimal, formatFixed } from './money.ts'

/** A fraction inside the house (`-0.0845`) as percent with two places for the wire (`"-8.45"`). */
export function formatPercent(fraction: Decimal | number): string {
  return formatFixed(new Decimal(fraction).times(100), 2)
}

/** A fraction as a percent number rounded to `places`, for the rl family's number fields. Never -0. */
export function percentNumber(fraction: Decimal | number, places = 4): number {
  return roundNumber(new Decimal(fraction).times(100).toNumber(), places)
}

/** Rounds half-up on the decimal representation; never -0, NaN or Infinity. */
export function roundNumber(value: number, places: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`)
  return Number(formatFixed(new Decimal(value), places))
}
