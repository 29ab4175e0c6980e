import { Decimal as BaseDecimal } from 'decimal.js'

/**
 * The one decimal type of Quantdeck: precision 60, half-up, never an exponent in its string form.
 * Half-up is decided by the v1 contract's own example (150.25 x 0.98 = "147.25").
 */
export const Decimal = BaseDecimal.clone({
  precision: 60,
  rounding: BaseDecimal.ROUND_HALF_UP,
  toExpNeg: -1000,
  toExpPos: 1000,
})
export type Decimal = BaseDecimal

export const ZERO: Decimal = new Decimal(0)
export const ONE: Decimal = new Decimal(1)

const DECIMAL_PATTERN = /^-?(0|[1-9]\d{0,29})(\.\d{1,18})?$/

/** True for a plain decimal string: no exponent, no leading zeros or plus, at most 30.18 digits. */
export function isDecimalString(value: string): boolean {
  return DECIMAL_PATTERN.test(value)
}

/**
 * A plain decimal string as a Decimal.
 * @throws {RangeError} if the string is not a plain decimal (exponents, spaces, NaN, signs other than a leading minus)
 */
export function parseDecimal(value: string): Decimal {
  if (!isDecimalString(value)) throw new RangeError(`not a plain decimal: ${JSON.stringify(value)}`)
  return new Decimal(value)
}

/**
 * From whatever a database driver or a fact hands over: decimal string, finite number or Decimal.
 * @throws {RangeError} on NaN and infinities
 */
export function toDecimal(value: string | number | Decimal): Decimal {
  const decimal = new Decimal(value)
  if (!decimal.isFinite()) throw new RangeError(`not a finite decimal: ${String(value)}`)
  return decimal
}

/** Fixed decimal places, rounded half-up, never "-0.00". */
export function formatFixed(value: Decimal, places: number): string {
  const text = value.toFixed(places)
  return text.startsWith('-') && !/[1-9]/.test(text) ? text.slice(1) : text
}

/** At least `minimumPlaces` decimals, more if the value has more. Never rounds. */
export function formatAtLeast(value: Decimal, minimumPlaces: number): string {
  return formatFixed(value, Math.max(minimumPlaces, value.decimalPlaces()))
}

/** No price of ours has more decimals. */
const MOST_PLACES = 18

/** Half-up to 18 places: what a float says beyond them is no price. What risk computes with has no more. */
export function withinPlaces(value: Decimal): Decimal {
  return value.toDecimalPlaces(MOST_PLACES, Decimal.ROUND_HALF_UP)
}

/** Largest multiple of `step` that is not above `value` in magnitude (towards zero). */
export function floorToStep(value: Decimal, step: Decimal): Decimal {
  return value.div(step).trunc().times(step)
}

/** Half-up to the accuracy at which converted USD amounts are booked: 1e-8. */
export function roundUsd(value: Decimal): Decimal {
  return value.toDecimalPlaces(8, Decimal.ROUND_HALF_UP)
}
