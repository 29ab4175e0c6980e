import { Window } from './window.ts'

/**
 * Rolling mean and standard deviation, computed in two passes over the window (no cancellation error).
 * `ddof` 0 divides by n (Bollinger), 1 by n - 1 (sample). NaN until the window is full.
 */
export class RollingStd {
  value: number = Number.NaN
  mean: number = Number.NaN
  readonly #window: Window
  readonly #ddof: number

  /** @throws {RangeError} if period is not a positive whole number, or not above ddof */
  constructor(period: number, ddof: 0 | 1 = 1) {
    if (period <= ddof) throw new RangeError(`period must be above ${ddof}: ${period}`)
    this.#window = new Window(period)
    this.#ddof = ddof
  }

  update(value: number): number {
    const window = this.#window
    window.push(value)
    if (!window.full) return this.value
    this.mean = window.sum() / window.size
    this.value = Math.sqrt(window.squaredDeviations(this.mean) / (window.size - this.#ddof))
    return this.value
  }
}

/** {@link RollingStd} of a whole column; NaN for the first period - 1 elements. */
export function rollingStd(values: ArrayLike<number>, period: number, ddof: 0 | 1 = 1): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN)
  for (let i = period - 1; i < values.length; i++) {
    let sum = 0
    for (let k = i - period + 1; k <= i; k++) sum += values[k]!
    const mean = sum / period
    let squares = 0
    for (let k = i - period + 1; k <= i; k++) squares += (values[k]! - mean) ** 2
    result[i] = Math.sqrt(squares / (period - ddof))
  }
  return result
}
