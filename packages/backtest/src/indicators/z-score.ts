import { RollingStd } from './rolling-std.ts'

/** Distance of the newest value from its rolling mean in standard deviations; NaN while undefined or when the window is flat. */
export class ZScore {
  value: number = Number.NaN
  readonly #std: RollingStd

  /** @throws {RangeError} if period is not a positive whole number, or not above ddof */
  constructor(period: number, ddof: 0 | 1 = 0) {
    this.#std = new RollingStd(period, ddof)
  }

  /** The rolling mean of the last update. */
  get mean(): number {
    return this.#std.mean
  }

  update(value: number): number {
    const deviation = this.#std.update(value)
    this.value = deviation > 0 ? (value - this.#std.mean) / deviation : Number.NaN
    return this.value
  }
}

/** {@link ZScore} of a whole column. */
export function zScore(values: ArrayLike<number>, period: number, ddof: 0 | 1 = 0): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN)
  for (let i = period - 1; i < values.length; i++) {
    let sum = 0
    for (let k = i - period + 1; k <= i; k++) sum += values[k]!
    const mean = sum / period
    let squares = 0
    for (let k = i - period + 1; k <= i; k++) squares += (values[k]! - mean) ** 2
    const deviation = Math.sqrt(squares / (period - ddof))
    if (deviation > 0) result[i] = (values[i]! - mean) / deviation
  }
  return result
}
