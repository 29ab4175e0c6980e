import {
  type applyFill,
  type BookFill,
  type Decimal,
  type FillEffect,
  type Position,
  ZERO,
} from '../../src/index.ts'
import type { Story } from './fills.ts'

/** The function under test: the product's, or one with a seeded bug. */
export type Apply = typeof applyFill

export interface Booked {
  /** What is open at the end. */
  position: Position | null
  effects: FillEffect[]
  /** Round trips, as they were closed. */
  trades: Position[]
  /** Closed and open: what the table `positions` would hold. */
  kept: Position[]
}

export function book(apply: Apply, { instrument, fills }: Story): Booked {
  let position: Position | null = null
  const effects = fills.map((fill, index) => {
    const effect = apply(position, fill, instrument, { positionId: `p${index}`, seq: index })
    position = effect.position
    return effect
  })
  const trades = effects.flatMap(({ closed }) => closed ?? [])
  return { position, effects, trades, kept: position === null ? trades : [...trades, position] }
}

export const sum = (values: readonly Decimal[]): Decimal => values.reduce((a, b) => a.plus(b), ZERO)

/** What the fills themselves say, without any bookkeeping: money in minus money out, in the quote currency. */
export function cashFlow({ instrument, fills }: Story): Decimal {
  return sum(fills.map((fill) => signedQuantity(fill).neg().times(fill.price).times(instrument.multiplier)))
}

export const signedQuantity = ({ side, quantity }: Pick<BookFill, 'side' | 'quantity'>): Decimal =>
  side === 'BUY' ? quantity : quantity.neg()

/** As text, so that a difference shows both numbers; never "-0". */
export const text = (value: Decimal | null | undefined): string | undefined => value?.plus(0).toFixed()
