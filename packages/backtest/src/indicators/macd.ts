import { Ema, ema } from './ema.ts'

/** One bar of MACD: the line, its signal line, and the difference of both. NaN while undefined. */
export interface MacdValue {
  macd: number
  signal: number
  histogram: number
}

/**
 * Moving average convergence divergence: EMA(fast) - EMA(slow), with an EMA(signal) of that line.
 * Source: G. Appel; all three averages are seeded with simple means, as in {@link Ema}.
 */
export class Macd {
  readonly value: MacdValue = { macd: Number.NaN, signal: Number.NaN, histogram: Number.NaN }
  readonly #fast: Ema
  readonly #slow: Ema
  readonly #signal: Ema

  /** @throws {RangeError} if a period is not a positive whole number */
  constructor(fast = 12, slow = 26, signal = 9) {
    this.#fast = new Ema(fast)
    this.#slow = new Ema(slow)
    this.#signal = new Ema(signal)
  }

  /** The same object is answered each time. */
  update(close: number): MacdValue {
    const macd = this.#fast.update(close) - this.#slow.update(close)
    this.value.macd = macd
    if (!Number.isNaN(macd)) {
      this.value.signal = this.#signal.update(macd)
      this.value.histogram = macd - this.value.signal
    }
    return this.value
  }
}

/** {@link Macd} of a whole column of closes, as three columns with NaN where undefined. */
export function macd(
  closes: ArrayLike<number>,
  fast = 12,
  slow = 26,
  signal = 9,
): { macd: Float64Array; signal: Float64Array; histogram: Float64Array } {
  const fastEma = ema(closes, fast)
  const slowEma = ema(closes, slow)
  const line = fastEma.map((value, i) => value - slowEma[i]!)
  const start = Math.max(fast, slow) - 1
  const signalLine = new Float64Array(closes.length).fill(Number.NaN)
  if (closes.length > start) signalLine.set(ema(line.subarray(start), signal), start)
  return { macd: line, signal: signalLine, histogram: line.map((value, i) => value - signalLine[i]!) }
}
