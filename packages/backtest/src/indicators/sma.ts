import { Window } from './window.ts'

/** Simple moving average, bar by bar. `update` answers NaN until `period` values were seen. */
export class Sma {
  value: number = Number.NaN
  readonly #window: Window
  #sum = 0

  /** @throws {RangeError} if period is not a positive whole number */
  constructor(period: number) {
    this.#window = new Window(period)
  }

  update(value: number): number {
    const window = this.#window
    const dropped = window.push(value)
    // Summed afresh once per period, so that rounding does not pile up over millions of bars.
    this.#sum = window.wrapped ? window.sum() : this.#sum + value - dropped
    if (window.full) this.value = this.#sum / window.size
    return this.value
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
