import { Window } from './window.ts'

/** Highest high and lowest low of a number of bars; NaN while undefined. */
export interface DonchianValue {
  upper: number
  lower: number
}

/** Donchian channel: highest high and lowest low of the last `period` bars, the newest included. Source: R. Donchian. */
export class Donchian {
  readonly value: DonchianValue = { upper: Number.NaN, lower: Number.NaN }
  readonly #highs: Window
  readonly #lows: Window

  /** @throws {RangeError} if period is not a positive whole number */
  constructor(period = 20) {
    this.#highs = new Window(period)
    this.#lows = new Window(period)
  }

  /** The same object is answered each time. */
  update(high: number, low: number): DonchianValue {
    this.#highs.push(high)
    this.#lows.push(low)
    if (this.#highs.full) {
      this.value.upper = this.#highs.max()
      this.value.lower = this.#lows.min()
    }
    return this.value
  }
}

/** {@link Donchian} of whole columns; NaN for the first period - 1 elements. */
export function donchian(
  high: ArrayLike<number>,
  low: ArrayLike<number>,
  period = 20,
): { upper: Float64Array; lower: Float64Array } {
  const upper = new Float64Array(high.length).fill(Number.NaN)
  const lower = new Float64Array(high.length).fill(Number.NaN)
  for (let i = period - 1; i < high.length; i++) {
    upper[i] = Number.NEGATIVE_INFINITY
    lower[i] = Number.POSITIVE_INFINITY
    for (let k = i - period + 1; k <= i; k++) {
      if (high[k]! > upper[i]!) upper[i] = high[k]!
      if (low[k]! < lower[i]!) lower[i] = low[k]!
    }
  }
  return { upper, lower }
}
