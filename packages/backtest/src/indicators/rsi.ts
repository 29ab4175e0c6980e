import { Wilder } from './wilder.ts'

/** 0..100 from smoothed gains and losses; 100 when nothing was lost. */
function strength(gain: number, loss: number): number {
  if (Number.isNaN(gain)) return Number.NaN
  return loss > 0 ? 100 - 100 / (1 + gain / loss) : 100
}

/**
 * Relative strength index with Wilder's smoothing, 0..100. The first value comes with the (period + 1)th close.
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export class Rsi {
  value: number = Number.NaN
  readonly #gain: Wilder
  readonly #loss: Wilder
  #previous: number = Number.NaN

  /** @throws {RangeError} if period is not a positive whole number */
  constructor(period = 14) {
    this.#gain = new Wilder(period)
    this.#loss = new Wilder(period)
  }

  update(close: number): number {
    const change = close - this.#previous
    this.#previous = close
    if (Number.isNaN(change)) return this.value
    this.value = strength(this.#gain.update(Math.max(change, 0)), this.#loss.update(Math.max(-change, 0)))
    return this.value
  }
}

/** {@link Rsi} of a whole column of closes; NaN for the first `period` elements. */
export function rsi(closes: ArrayLike<number>, period = 14): Float64Array {
  const result = new Float64Array(closes.length).fill(Number.NaN)
  let gain = 0
  let loss = 0
  for (let i = 1; i < closes.length; i++) {
    const change = closes[i]! - closes[i - 1]!
    const up = Math.max(change, 0)
    const down = Math.max(-change, 0)
    if (i <= period) {
      gain += up
      loss += down
      if (i < period) continue
      gain /= period
      loss /= period
    } else {
      gain = (gain * (period - 1) + up) / period
      loss = (loss * (period - 1) + down) / period
    }
    result[i] = strength(gain, loss)
  }
  return result
}
