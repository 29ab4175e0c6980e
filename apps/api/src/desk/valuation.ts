import {
  type Decimal,
  type EquityPoint,
  type Instrument,
  type Position,
  tradeNetPnlUsd,
  unitValueUsd,
  unrealized,
  usdRateOf,
  ZERO,
} from '@quantdeck/domain'
import type { Books, StrategyBook } from './books.ts'

/** A position at its mark. Without a mark it is worth its entry. */
export interface PositionValue {
  currentPrice: Decimal
  unrealizedQuote: Decimal
  unrealizedUsd: Decimal
  /** Fraction of the cost. */
  unrealizedFraction: Decimal
  usdRate: Decimal
}

export function valuePosition(
  position: Position,
  instrument: Instrument,
  markPrice: Decimal | null,
): PositionValue {
  const currentPrice = markPrice ?? position.entryPrice
  const usdRate = usdRateOf(instrument, currentPrice)
  const value = unrealized(position, currentPrice, instrument, usdRate)
  return {
    currentPrice,
    unrealizedQuote: value.quote,
    unrealizedUsd: value.usd,
    unrealizedFraction: value.pct,
    usdRate,
  }
}

export function unrealizedOf(books: Books, book: StrategyBook): Decimal {
  let sum = ZERO
  for (const position of book.open.values()) {
    const instrument = books.instruments.get(position.symbol)
    if (!instrument) continue
    sum = sum.plus(
      valuePosition(position, instrument, books.marks.get(position.symbol)?.price ?? null).unrealizedUsd,
    )
  }
  return sum
}

/** Equity of a strategy = allocation + realised + unrealised. */
export function strategyEquity(books: Books, book: StrategyBook, at: Date): EquityPoint {
  const unrealizedPnl = unrealizedOf(books, book)
  const equity = book.strategy.allocatedCapital.plus(book.realizedUsd).plus(unrealizedPnl)
  return { at, equity, realizedPnl: book.realizedUsd, unrealizedPnl }
}

/** Equity of the account = initial capital + what all strategies realised and have unrealised. */
export function accountEquity(books: Books, at: Date): EquityPoint {
  let realizedPnl = ZERO
  let unrealizedPnl = ZERO
  for (const book of books.strategies.values()) {
    if (!book.realizedUsd.isZero()) realizedPnl = realizedPnl.plus(book.realizedUsd)
    if (book.open.size > 0) unrealizedPnl = unrealizedPnl.plus(unrealizedOf(books, book))
  }
  return {
    at,
    equity: books.initialCapital.plus(realizedPnl).plus(unrealizedPnl),
    realizedPnl,
    unrealizedPnl,
  }
}

/** USD cost of what some strategies hold. */
export function deployedCapital(strategies: Iterable<StrategyBook>): Decimal {
  let sum = ZERO
  for (const book of strategies) {
    for (const position of book.open.values()) sum = sum.plus(position.costUsd.abs())
  }
  return sum
}

/** Net result of a round trip as a fraction of what it cost to enter. */
export function tradeReturn(trade: Position, instruments: ReadonlyMap<string, Instrument>): number {
  const instrument = instruments.get(trade.symbol)
  if (!instrument) return 0
  const cost = unitValueUsd(instrument, trade.entryPrice).times(trade.closedQuantity)
  return cost.isZero() ? 0 : tradeNetPnlUsd(trade).div(cost).toNumber()
}
