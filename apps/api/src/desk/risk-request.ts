import {
  calendarById,
  type Decimal,
  type Instrument,
  isOpen,
  marketValueUsd,
  sessionIntervalSeconds,
  sessionMsBetween,
  unitValueUsd,
  usdRateOf,
  ZERO,
} from '@quantdeck/domain'
import type {
  RiskBooks,
  RiskInstrument,
  RiskMarket,
  RiskRequest,
  RiskSignal,
  RiskStates,
  ScopedLimits,
} from '@quantdeck/risk'
import { feeUsd } from '../broker/fill-model.ts'
import { DEFAULT_COSTS } from '../broker/fill-model.ts'
import type { Books, StrategyBook } from './books.ts'
import type { OrderDraft } from './order-draft.ts'
import { accountEquity, strategyEquity } from './valuation.ts'

/** Who asks for an order and whether they may, for R02. */
export interface Permission {
  allowed: boolean
  reason: string | null
}

interface Asked {
  draft: OrderDraft
  at: Date
  permission: Permission
  signal: RiskSignal | null
}

/** Everything the risk engine needs to judge a draft, taken from the books at one instant. */
export function riskRequest(books: Books, book: StrategyBook, asked: Asked): RiskRequest {
  const { draft, at } = asked
  const instrument = books.instruments.get(draft.symbol) ?? null
  const price = draft.limitPrice ?? draft.stopPrice ?? books.marks.get(draft.symbol)?.price ?? null
  return {
    now: at.getTime(),
    order: {
      strategyId: draft.strategyId,
      mode: books.mode,
      symbol: draft.symbol,
      side: draft.side,
      quantity: draft.quantity.toFixed(),
      orderType: draft.orderType,
      limitPrice: draft.limitPrice?.toFixed() ?? null,
      stopPrice: draft.stopPrice?.toFixed() ?? null,
      timeInForce: draft.timeInForce,
      origin: draft.origin,
      reduceOnly: draft.reduceOnly,
      stopLoss: draft.stopLoss?.toFixed() ?? null,
      allowDuplicate: draft.allowDuplicate ?? false,
    },
    instrument: instrument && riskInstrument(instrument),
    market: riskMarket(books, instrument, price, at),
    books: riskBooks(books, book, draft, price),
    tradingStates: {
      global: books.killLevels.get('global') ?? 'ACTIVE',
      strategy: books.killLevels.get(`strategy:${draft.strategyId}`) ?? 'ACTIVE',
      symbol: books.killLevels.get(`symbol:${draft.symbol}`) ?? 'ACTIVE',
    },
    permission: asked.permission,
    recentOrders: book.recent,
    messageBucket: book.messageBucket,
    restingOrders: restingOrders(books),
    signal: asked.signal,
    modelHealth: book.modelHealth,
  }
}

export function riskStates(books: Books, book: StrategyBook): RiskStates {
  return { strategy: book.risk, account: books.risk }
}

export function scopedLimits(books: Books, book: StrategyBook): ScopedLimits {
  return { strategy: book.limits, account: books.limits }
}

function riskInstrument(instrument: Instrument): RiskInstrument {
  return {
    symbol: instrument.symbol,
    contractType: instrument.contractType,
    tickSize: instrument.tickSize.toFixed(),
    lotSize: instrument.lotSize.toFixed(),
    minQuantity: instrument.minQuantity.toFixed(),
    maxQuantity: instrument.maxQuantity?.toFixed() ?? null,
    barIntervalSeconds: instrument.barIntervalSeconds,
  }
}

function riskMarket(
  books: Books,
  instrument: Instrument | null,
  price: Decimal | null,
  at: Date,
): RiskMarket {
  if (!instrument) return { isOpen: null, referencePrice: null, unitValueUsd: null, feed: null }
  const mark = books.marks.get(instrument.symbol)
  return {
    isOpen: isOpen(calendarById(instrument.calendar), at),
    referencePrice: mark?.price.toFixed() ?? null,
    unitValueUsd: price === null ? null : unitValueUsd(instrument, price).toFixed(),
    feed: {
      kind: 'bars',
      ageSeconds: mark ? feedAgeSeconds(instrument, mark.at, at) : null,
      intervalSeconds: sessionIntervalSeconds(
        calendarById(instrument.calendar),
        instrument.barIntervalSeconds,
      ),
    },
  }
}

/** Age of the last price in session time: Friday's close is fresh on Monday morning. */
export function feedAgeSeconds(instrument: Instrument, markAt: Date, at: Date): number {
  return Math.floor(sessionMsBetween(calendarById(instrument.calendar), markAt, at) / 1000)
}

function riskBooks(books: Books, book: StrategyBook, draft: OrderDraft, price: Decimal | null): RiskBooks {
  const at = new Date(0)
  const account = accountEquity(books, at).equity
  const strategyGross = grossUsd(books, book)
  let accountGross = ZERO
  let workingBuys = ZERO
  let deployed = ZERO
  for (const other of books.strategies.values()) {
    accountGross = accountGross.plus(grossUsd(books, other))
    for (const order of other.working.values()) {
      if (order.isEntry && order.side === 'BUY')
        workingBuys = workingBuys.plus(orderNotionalUsd(books, order))
    }
    for (const position of other.open.values()) deployed = deployed.plus(position.costUsd.abs())
  }
  const instrument = books.instruments.get(draft.symbol)
  const fees =
    instrument && price
      ? feeUsd(draft.quantity, price, instrument, usdRateOf(instrument, price), DEFAULT_COSTS)
      : ZERO
  return {
    strategyEquityUsd: strategyEquity(books, book, at).equity.toFixed(),
    accountEquityUsd: account.toFixed(),
    allocationUsd: book.strategy.allocatedCapital.toFixed(),
    freeBalanceUsd: account.minus(deployed).toFixed(),
    estimatedFeesUsd: fees.toFixed(),
    workingBuysUsd: workingBuys.toFixed(),
    positionQuantity: (book.open.get(draft.symbol)?.quantity ?? ZERO).toFixed(),
    workingSameSideQuantity: workingQuantity(book, draft).toFixed(),
    strategyGrossUsd: strategyGross.toFixed(),
    accountGrossUsd: accountGross.toFixed(),
    otherOpenPositions: otherPositions(books, book, draft.symbol),
    workingEntryOrders: workingEntries(books, book),
    activeOrders: book.working.size,
  }
}

function workingQuantity(book: StrategyBook, draft: OrderDraft): Decimal {
  let sum = ZERO
  for (const order of book.working.values()) {
    const counts =
      order.symbol === draft.symbol && order.side === draft.side && order.orderId !== draft.recheckOf
    if (counts) sum = sum.plus(order.quantity.minus(order.filledQuantity))
  }
  return sum
}

function orderNotionalUsd(
  books: Books,
  order: {
    symbol: string
    quantity: Decimal
    filledQuantity: Decimal
    limitPrice: Decimal | null
    stopPrice: Decimal | null
  },
): Decimal {
  const instrument = books.instruments.get(order.symbol)
  const price = order.limitPrice ?? order.stopPrice ?? books.marks.get(order.symbol)?.price
  if (!instrument || !price) return ZERO
  return unitValueUsd(instrument, price).times(order.quantity.minus(order.filledQuantity))
}

/** Sum of absolute position values plus working entries, USD. */
function grossUsd(books: Books, book: StrategyBook): Decimal {
  let sum = ZERO
  for (const position of book.open.values()) {
    const instrument = books.instruments.get(position.symbol)
    const price = books.marks.get(position.symbol)?.price ?? position.entryPrice
    if (!instrument) continue
    sum = sum.plus(marketValueUsd(position, price, instrument, usdRateOf(instrument, price)).abs())
  }
  for (const order of book.working.values()) {
    if (order.isEntry) sum = sum.plus(orderNotionalUsd(books, order))
  }
  return sum
}

function otherPositions(
  books: Books,
  book: StrategyBook,
  symbol: string,
): { strategy: number; account: number } {
  const own = openSymbols(book)
  own.delete(symbol)
  let account = own.size
  for (const other of books.strategies.values()) if (other !== book) account += openSymbols(other).size
  return { strategy: own.size, account }
}

function openSymbols(book: StrategyBook): Set<string> {
  const symbols = new Set(book.open.keys())
  for (const order of book.working.values()) if (order.isEntry) symbols.add(order.symbol)
  return symbols
}

function workingEntries(books: Books, book: StrategyBook): { strategy: number; account: number } {
  const count = (one: StrategyBook) =>
    [...one.working.values()].filter((order) => order.isEntry && order.filledQuantity.isZero()).length
  let account = 0
  for (const other of books.strategies.values()) account += count(other)
  return { strategy: count(book), account }
}

function restingOrders(books: Books) {
  const resting = []
  for (const book of books.strategies.values()) {
    for (const order of book.working.values()) {
      if (order.orderType === 'LIMIT' && order.limitPrice) {
        resting.push({
          orderId: order.orderId,
          symbol: order.symbol,
          side: order.side,
          limitPrice: order.limitPrice.toFixed(),
        })
      }
    }
  }
  return resting
}
