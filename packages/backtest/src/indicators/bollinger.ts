import { RollingStd, rollingStd } from './rolling-std.ts'

/** One bar of the bands; NaN while undefined. */
export interface BollingerValue {
  middle: number
  upper: number
  lower: number
}

/**
 * Bollinger bands: simple mean +/- `width` population standard deviations (ddof 0) of the last `period` values.
 * Source: J. Bollinger, Bollinger on Bollinger Bands (2001).
 */
export class Bollinger {
  readonly value: BollingerValue = { middle: Number.NaN, upper: Number.NaN, lower: Number.NaN }
  readonly #std: RollingStd
  readonly #width: number

  /** @throws {RangeError} if period is not a positive whole number */
  constructor(period = 20, width = 2) {
    this.#std = new RollingStd(period, 0)
    this.#width = width
  }

  /** The same object is answered each time. */
  update(value: number): BollingerValue {
    const deviation = this.#std.update(value)
    this.value.middle = this.#std.mean
    this.value.upper = this.#std.mean + this.#width * deviation
    this.value.lower = this.#std.mean - this.#width * deviation
    return this.value
  }
}

/** {@link Bollinger} of a whole column, as three columns with NaN where undefined. */
export function bollinger(
  values: ArrayLike<number>,
  period = 20,
  width = 2,
): { middle: Float64Array; upper: Float64Array; lower: Float64Array } {
  const deviation = rollingStd(values, period, 0)
  const middle = new Float64Array(values.length).fill(Number.NaN)
  for (let i = period - 1; i < values.length; i++) {
    let sum = 0
    for (let k = i - period + 1; k <= i; k++) sum += values[k]!
    middle[i] = sum / period
  }
  return {
    middle,
    upper: middle.map((mean, i) => mean + width * deviation[i]!),
    lower: middle.map((mean, i) => mean - width * deviation[i]!),
  }
}
