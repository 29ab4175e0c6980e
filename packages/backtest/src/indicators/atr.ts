import { Wilder } from './wilder.ts'

/** Wilder's true range: the day's range, extended to the previous close. NaN without a previous close. */
export function trueRange(high: number, low: number, previousClose: number): number {
  return Math.max(high - low, Math.abs(high - previousClose), Math.abs(low - previousClose))
}

/**
 * Average true range with Wilder's smoothing, in price units. The first true range needs a previous close, so the
 * first value comes with bar period + 1. Source: J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export class Atr {
  value: number = Number.NaN
  readonly #average: Wilder
  #previousClose: number = Number.NaN

  /** @throws {RangeError} if period is not a positive whole number */
  constructor(period = 14) {
    this.#average = new Wilder(period)
  }

  update(high: number, low: number, close: number): number {
    const range = trueRange(high, low, this.#previousClose)
    this.#previousClose = close
    if (!Number.isNaN(range)) this.value = this.#average.update(range)
    return this.value
  }
}

/** {@link Atr} of whole columns; NaN for the first `period` elements. */
export function atr(
  high: ArrayLike<number>,
  low: ArrayLike<number>,
  close: ArrayLike<number>,
  period = 14,
): Float64Array {
  const result = new Float64Array(close.length).fill(Number.NaN)
  let current = 0
  for (let i = 1; i < close.length; i++) {
    const range = trueRange(high[i]!, low[i]!, close[i - 1]!)
    if (i <= period) {
      current += range
      if (i < period) continue
      current /= period
    } else {
      current = (current * (period - 1) + range) / period
    }
    result[i] = current
  }
  return result
}
