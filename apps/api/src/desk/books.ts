import {
  AppError,
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
import type { WorkingOrders } from './working-orders.ts'

/** The last price of a symbol and when it was made. */
export interface Mark {
  price: Decimal
  at: Date
}

/** An order of the last minute, for the rate, window and duplicate checks. */
export type RecentSubmission = RecentOrder & { orderId: string; isEntry: boolean }

/** One strategy's part of the books of one mode. */
export interface StrategyBook {
  strategy: Strategy
  limits: RiskLimits
  risk: RiskState
  /** Open positions by symbol. */
  open: Map<string, Position>
  working: WorkingOrders
  /** USD, net of fees: of every position this strategy ever had in this mode, open ones included. */
  realizedUsd: Decimal
  /** Newest last. */
  recent: RecentSubmission[]
  messageBucket: TokenBucket | null
  /** Orders whose cancellation the broker was asked for and has not answered, by order id. */
  cancelling: Set<string>
  /** Positions whose protective orders the broker refused, by position id. */
  unprotected: Set<string>
  /** Why the last protective exit of a position was refused, by position id: said once, not with every price. */
  refusedExits: Map<string, string>
}

/** What belongs to no mode: both books look at the same objects. */
export interface SharedFacts {
  readonly marks: Map<string, Mark>
  /** Conclusive verdicts on models, by strategy id; a model without one is not listed. */
  readonly modelHealth: Map<string, ModelHealthStatus>
}

/** The books of one account: what every decision is made from. */
export interface Books extends SharedFacts {
  readonly mode: TradingMode
  version: number
  initialCapital: Decimal
  limits: RiskLimits
  risk: RiskState
  strategies: Map<string, StrategyBook>
  instruments: Map<string, Instrument>
  /** Kill switch levels by scope: `global`, `strategy:<id>`, `symbol:<symbol>`. */
  killLevels: Map<string, TradingState>
}

export interface WorkingOrder {
  book: StrategyBook
  order: Order
}

/** The book that holds an order, with the order. */
export function findWorking(books: Books, orderId: string): WorkingOrder | null {
  for (const book of books.strategies.values()) {
    const order = book.working.get(orderId)
    if (order) return { book, order }
  }
  return null
}

export function findByClientOrderId(books: Books, clientOrderId: string): WorkingOrder | null {
  for (const book of books.strategies.values()) {
    const order = book.working.byClientOrderId(clientOrderId)
    if (order) return { book, order }
  }
  return null
}

/**
 * The book of a strategy that trades in this mode now: it may have changed its mode since the caller looked.
 * @throws AppError CONFLICT
 */
export function tradingBook(books: Books, strategyId: string): StrategyBook {
  const book = books.strategies.get(strategyId)
  if (book?.strategy.mode === books.mode) return book
  throw new AppError('CONFLICT', `${strategyId} does not trade in ${books.mode} mode`)
}
