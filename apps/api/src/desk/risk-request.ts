import {
  calendarById,
  type Decimal,
  type Instrument,
  isOpen,
  sessionIntervalSeconds,
  sessionMsBetween,
  unitValueUsd,
} from '@quantdeck/domain'
import type {
  RestingOrder,
  RiskInstrument,
  RiskMarket,
  RiskRequest,
  RiskSignal,
  RiskStates,
  ScopedLimits,
} from '@quantdeck/risk'
import type { Books, StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import type { OrderDraft } from './order-draft.ts'
import { accountRiskAt, strategyRiskAt } from './risk-fold.ts'
import { riskAmount, riskBooks } from './risk-books.ts'

/** Who asks for an order and whether they may, for R02. */
export interface Permission {
  allowed: boolean
  reason: string | null
}

/** An order to judge, who asks for it, and the signal behind it. */
export interface Asked {
  draft: OrderDraft
  permission: Permission
  signal: RiskSignal | null
}

/** Everything the risk engine needs to judge a draft, taken from the books at one instant. */
export function riskRequest(ctx: DeskContext, book: StrategyBook, asked: Asked): RiskRequest {
  const { books, at } = ctx
  const { draft } = asked
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
      takeProfit: draft.takeProfit?.toFixed() ?? null,
      allowDuplicate: draft.allowDuplicate ?? isOtherIntent(book, draft, at),
    },
    instrument: instrument && riskInstrument(instrument),
    market: riskMarket(books, instrument, price, at),
    books: riskBooks(books, book, { draft, price, at }),
    tradingStates: {
      global: books.killLevels.get('global') ?? 'ACTIVE',
      strategy: books.killLevels.get(`strategy:${draft.strategyId}`) ?? 'ACTIVE',
      symbol: books.killLevels.get(`symbol:${draft.symbol}`) ?? 'ACTIVE',
    },
    permission: asked.permission,
    recentOrders: book.recent,
    messageBucket: book.messageBucket,
    restingOrders: restingOrders(books, draft),
    signal: asked.signal,
    modelHealth: books.modelHealth.get(draft.strategyId) ?? null,
  }
}

/**
 * The two legs of a reversal, or an exit and the entry after it, may be equal in every detail that R15 compares: only an
 * order that was meant for the same can be a duplicate.
 */
function isOtherIntent(book: StrategyBook, draft: OrderDraft, at: Date): boolean {
  const since = at.getTime() - book.limits.duplicateWindowSeconds * 1000
  return !book.recent.some(
    (recent) =>
      recent.at > since &&
      recent.symbol === draft.symbol &&
      recent.side === draft.side &&
      recent.isEntry === draft.isEntry,
  )
}

export function riskStates(ctx: DeskContext, book: StrategyBook): RiskStates {
  return { strategy: strategyRiskAt(ctx, book), account: accountRiskAt(ctx) }
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
    unitValueUsd: price === null ? null : riskAmount(unitValueUsd(instrument, price)),
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

/** Those that the draft could trade with: of its symbol, on the other side. */
function restingOrders(books: Books, { symbol, side }: OrderDraft): RestingOrder[] {
  const other = side === 'BUY' ? 'SELL' : 'BUY'
  const resting: RestingOrder[] = []
  for (const book of books.strategies.values()) {
    for (const { orderId, limitPrice } of book.working.resting(symbol, other)) {
      if (limitPrice) resting.push({ orderId, symbol, side: other, limitPrice: limitPrice.toFixed() })
    }
  }
  return resting
}
