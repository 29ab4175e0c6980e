import { newRing, sumOf } from './window.ts'

/**
 * Simple moving average, bar by bar. `update` answers NaN until `period` values were seen. It keeps its own ring of
 * values: it is called on every bar of every second backtest, and a {@link Window} costs it half as much again.
 */
export class Sma {
  value: number = Number.NaN
  readonly #period: number
  readonly #values: Float64Array
  #next = 0
  #sum = 0
  #isFull = false

  /** @throws {RangeError} if period is not a positive whole number */
  constructor(period: number) {
    this.#values = newRing(period)
    this.#period = period
  }

  update(value: number): number {
    const values = this.#values
    const at = this.#next
    const dropped = values[at]!
    values[at] = value
    this.#next = at + 1
    this.#sum = this.#sum + value - dropped
    if (at + 1 === this.#period) this.#turn()
    if (this.#isFull) this.value = this.#sum / this.#period
    return this.value
  }

  /** Summed afresh once per period, so that rounding does not pile up over millions of bars. */
  #turn(): void {
    this.#next = 0
    this.#isFull = true
    this.#sum = sumOf(this.#values)
  }
}

/** Simple moving average of a whole column: element i is the mean of values[i - period + 1 .. i], NaN before. */
export function sma(values: ArrayLike<number>, period: number): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN)
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    if ((i + 1) % period === 0) {
      sum = 0
      for (let k = i + 1 - period; k <= i; k++) sum += values[k]!
    } else {
      sum = sum + values[i]! - (i >= period ? values[i - period]! : 0)
    }
    if (i >= period - 1) result[i] = sum / period
  }
  return result
}
