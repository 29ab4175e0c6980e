import { type Decimal, toDecimal, withinPlaces } from '@quantdeck/domain'
import { type BarValues, DEFAULT_BAR_QUALITY_LIMITS } from '@quantdeck/risk'
import type { IncomingBar } from './judge-bars.ts'

/** The numbers of a bar as plain decimals. */
export type BarTexts = Record<keyof BarValues, string>

/**
 * A bar as it came over the wire. Its numbers stay the texts that they are until somebody has to compute with them: of a
 * million bars almost all are plainly good, and go into the database as they came.
 */
export class WireBar implements IncomingBar {
  readonly index: number
  readonly line: number | null
  readonly openedAt: Date
  readonly texts: BarTexts
  readonly closeNumber: number

  constructor(place: Pick<IncomingBar, 'index' | 'line' | 'openedAt'>, texts: BarTexts) {
    this.index = place.index
    this.line = place.line
    this.openedAt = place.openedAt
    this.texts = texts
    this.closeNumber = Number(texts.close)
  }

  get open(): Decimal {
    return toDecimal(this.texts.open)
  }

  get high(): Decimal {
    return toDecimal(this.texts.high)
  }

  get low(): Decimal {
    return toDecimal(this.texts.low)
  }

  get close(): Decimal {
    return toDecimal(this.texts.close)
  }

  get volume(): Decimal {
    return toDecimal(this.texts.volume)
  }

  /**
   * True only for a bar that rule A08 accepts after one that closed at `lastClose` (null: after none): nearest doubles
   * keep the order of decimals, so they can tell wherever they differ. False says nothing.
   */
  isPlainlyGood(lastClose: number | null): boolean {
    const { texts, closeNumber: close } = this
    const [open, high, low] = [Number(texts.open), Number(texts.high), Number(texts.low)]
    const isAtMost = (a: number, b: number, textA: string, textB: string) => a < b || textA === textB
    return (
      low > 0 &&
      isAtMost(low, open, texts.low, texts.open) &&
      isAtMost(low, close, texts.low, texts.close) &&
      isAtMost(open, high, texts.open, texts.high) &&
      isAtMost(close, high, texts.close, texts.high) &&
      high < close * PLAIN_RANGE &&
      low * PLAIN_RANGE > close &&
      !texts.volume.startsWith('-') &&
      (lastClose === null || Math.abs(close / lastClose - 1) < PLAIN_JUMP)
    )
  }
}

/** Far from a misplaced decimal point, which begins at a ratio of 10 / 1.2. */
const PLAIN_RANGE = 2
/** So much below the limit that no rounding of doubles matters. */
const PLAIN_JUMP = DEFAULT_BAR_QUALITY_LIMITS.maxJump - 1e-6

/** A number of the wire as a plain decimal: texts are ones already, what JSON's numbers say beyond 18 places is no price. */
export function plainText(value: string | number): string {
  return typeof value === 'string' ? value : withinPlaces(toDecimal(value)).toFixed()
}

/** What a bar says in plain decimals. */
export function textsOf(bar: BarValues): BarTexts {
  if (bar instanceof WireBar) return bar.texts
  const { open, high, low, close, volume } = bar
  return {
    open: open.toFixed(),
    high: high.toFixed(),
    low: low.toFixed(),
    close: close.toFixed(),
    volume: volume.toFixed(),
  }
}
