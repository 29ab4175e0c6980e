import {
  type Decimal,
  type Instrument,
  type ModelHealthStatus,
  type Order,
  type Position,
  type Strategy,
  type TradingMode,
  type TradingState,
} from '@quantdeck/domain'
import type { RecentOrder, RiskLimits, RiskState, TokenBucket } from '@quantdeck/risk'

/** The last price of a symbol and when it was received. */
export interface Mark {
  price: Decimal
  at: Date
}

/** One strategy's part of the books of one mode. */
export interface StrategyBook {
  strategy: Strategy
  limits: RiskLimits
  risk: RiskState
  /** Open positions by symbol. */
  open: Map<string, Position>
  /** Orders that are PENDING or SUBMITTED, by order id. */
  working: Map<string, Order>
  /** USD, net of fees: of every position this strategy ever had in this mode, open ones included. */
  realizedUsd: Decimal
  /** Orders of the last minutes, newest last, for the rate and duplicate checks. */
  recent: RecentOrder[]
  messageBucket: TokenBucket | null
  modelHealth: ModelHealthStatus | null
}

/** The books of one account: what every decision is made from. */
export interface Books {
  readonly mode: TradingMode
  version: number
  initialCapital: Decimal
  limits: RiskLimits
  risk: RiskState
  strategies: Map<string, StrategyBook>
  instruments: Map<string, Instrument>
  marks: Map<string, Mark>
  /** Kill switch levels by scope: `global`, `strategy:<id>`, `symbol:<symbol>`. */
  killLevels: Map<string, TradingState>
}

/** The book that holds an order, with the order. */
export function findWorking(books: Books, orderId: string): { book: StrategyBook; order: Order } | null {
  for (const book of books.strategies.values()) {
    const order = book.working.get(orderId)
    if (order) return { book, order }
  }
  return null
}

export function findByClientOrderId(
  books: Books,
  clientOrderId: string,
): { book: StrategyBook; order: Order } | null {
  for (const book of books.strategies.values()) {
    for (const order of book.working.values()) {
      if (order.clientOrderId === clientOrderId) return { book, order }
    }
  }
  return null
}
