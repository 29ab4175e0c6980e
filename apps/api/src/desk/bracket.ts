import { type Decimal, Decimal as D, type Instrument, type OrderSide } from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'

/** Prices at which a position is closed again. */
export interface Bracket {
  stopLoss: Decimal | null
  takeProfit: Decimal | null
}

interface Entry {
  side: OrderSide
  /** What the percentages are of: the order's own price, else the mark. */
  price: Decimal | null
  instrument: Instrument | null
}

/**
 * The bracket of an entry: what was asked for, and where nothing was, `stop_loss_pct` and `take_profit_pct` of the
 * strategy's configuration, on the instrument's tick grid. So a configured stop is an order at the broker like any other.
 */
export function bracketOf(book: StrategyBook, given: Bracket, entry: Entry): Bracket {
  const direction = entry.side === 'BUY' ? 1 : -1
  return {
    stopLoss: given.stopLoss ?? configured(book, 'stop_loss_pct', -direction, entry),
    takeProfit: given.takeProfit ?? configured(book, 'take_profit_pct', direction, entry),
  }
}

function configured(book: StrategyBook, key: string, sign: number, entry: Entry): Decimal | null {
  const percent = decimalSetting(book, key)
  const { price, instrument } = entry
  if (!percent?.gt(0) || !price || !instrument) return null
  const level = price.times(percent.div(100).times(sign).plus(1)).toNearest(instrument.tickSize)
  return level.gt(0) ? level : null
}

/** A decimal of the strategy's configuration, null when it is not set or not a number. */
export function decimalSetting(book: StrategyBook, key: string): Decimal | null {
  const value = book.strategy.config[key]
  if (typeof value === 'number' && Number.isFinite(value)) return new D(value)
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? new D(value) : null
}
