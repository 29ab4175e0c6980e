/**
 * Wilder's smoothing: seeded with the mean of the first `period` values, then
 * `(previous x (period - 1) + value) / period`. NaN until seeded.
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export class Wilder {
  value: number = Number.NaN
  readonly period: number
  #count = 0
  #sum = 0

  /** @throws {RangeError} if period is not a positive whole number */
  constructor(period: number) {
    if (!Number.isInteger(period) || period < 1)
      throw new RangeError(`period must be a whole number of at least 1: ${period}`)
    this.period = period
  }

  update(value: number): number {
    if (this.#count < this.period) {
      this.#count += 1
      this.#sum += value
      if (this.#count === this.period) this.value = this.#sum / this.period
    } else {
      this.value = (this.value * (this.period - 1) + value) / this.period
    }
    return this.value
  }
}
