/**
 * Exponential moving average with smoothing 2 / (period + 1), seeded with the simple mean of the first `period`
 * values (the convention of TA-Lib and Stock.Indicators). NaN until then.
 */
export class Ema {
  value: number = Number.NaN
  readonly period: number
  readonly #smoothing: number
  #count = 0
  #sum = 0

  /** @throws {RangeError} if period is not a positive whole number */
  constructor(period: number) {
    if (!Number.isInteger(period) || period < 1)
      throw new RangeError(`period must be a whole number of at least 1: ${period}`)
    this.period = period
    this.#smoothing = 2 / (period + 1)
  }

  update(value: number): number {
    if (this.#count < this.period) {
      this.#count += 1
      this.#sum += value
      if (this.#count === this.period) this.value = this.#sum / this.period
    } else {
      this.value += this.#smoothing * (value - this.value)
    }
    return this.value
  }
}

/** {@link Ema} of a whole column; NaN for the first period - 1 elements. */
export function ema(values: ArrayLike<number>, period: number): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN)
  if (values.length < period) return result
  const smoothing = 2 / (period + 1)
  let sum = 0
  for (let i = 0; i < period; i++) sum += values[i]!
  let current = sum / period
  result[period - 1] = current
  for (let i = period; i < values.length; i++) {
    current += smoothing * (values[i]! - current)
    result[i] = current
  }
  return result
}
