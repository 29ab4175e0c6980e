import {
  applyFill,
  Decimal,
  type Fill,
  type Instrument,
  type Order,
  type Position,
  tradeNetPnlUsd,
  usdRateOf,
} from '@quantdeck/domain'
import type { BrokerEvent } from '../broker/port.ts'
import { findByClientOrderId, type StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { orderMessage, positionMessage } from './messages.ts'
import { foldStrategy, markEquity } from './risk-fold.ts'

/**
 * What the broker reports, booked. Events of orders that are no longer working are left alone here: a fill twice
 * carries the same broker trade id, and the caller has already dropped it.
 */
export function onBrokerEvent(ctx: DeskContext, event: BrokerEvent): void {
  const found = findByClientOrderId(ctx.books, event.clientOrderId)
  if (!found) return
  const { book, order } = found
  switch (event.type) {
    case 'accepted':
      return putOrder(ctx, book, { ...order, status: 'SUBMITTED', brokerOrderId: event.brokerOrderId })
    case 'rejected':
      return putOrder(ctx, book, {
        ...order,
        status: 'REJECTED',
        rejectedBy: 'broker',
        violations: [brokerRefusal(event.reason)],
      })
    case 'cancelled':
      return putOrder(ctx, book, { ...order, status: 'CANCELLED', cancelledAt: event.at })
    case 'fill':
      return onFill(ctx, book, order, event)
  }
}

function brokerRefusal(reason: string) {
  return {
    code: 'BROKER_REJECTED',
    scope: 'broker',
    limit: null,
    observed: null,
    unit: null,
    message: reason,
  }
}

/** Stores an order's new state and keeps it in the working set only while it works. */
export function putOrder(ctx: DeskContext, book: StrategyBook, order: Order): void {
  ctx.changes.putOrder(order)
  if (order.status === 'PENDING' || order.status === 'SUBMITTED') book.working.set(order.orderId, order)
  else book.working.delete(order.orderId)
  ctx.changes.outbox.push(orderMessage(order))
}

function onFill(
  ctx: DeskContext,
  book: StrategyBook,
  order: Order,
  event: Extract<BrokerEvent, { type: 'fill' }>,
): void {
  const instrument = ctx.books.instruments.get(order.symbol)
  if (!instrument) throw new Error(`a fill for ${order.symbol}, which is no instrument`)
  const fill = toFill(ctx, order, event, instrument)
  ctx.changes.fills.push(fill)
  bookFill(ctx, book, order, fill, instrument)
  putOrder(ctx, book, filledOrder(order, fill))
  if (order.isEntry) {
    foldStrategy(ctx, book, { type: 'entry_filled', at: event.at.getTime(), orderId: order.orderId })
  }
  markEquity(ctx, order.symbol)
}

function toFill(
  ctx: DeskContext,
  order: Order,
  event: Extract<BrokerEvent, { type: 'fill' }>,
  instrument: Instrument,
): Fill {
  return {
    fillId: ctx.newId(),
    orderId: order.orderId,
    brokerTradeId: event.brokerTradeId,
    mode: order.mode,
    strategyId: order.strategyId,
    symbol: order.symbol,
    side: order.side,
    quantity: event.quantity,
    price: event.price,
    fee: event.fee,
    usdRate: usdRateOf(instrument, event.price),
    filledAt: event.at,
  }
}

function bookFill(
  ctx: DeskContext,
  book: StrategyBook,
  order: Order,
  fill: Fill,
  instrument: Instrument,
): void {
  const effect = applyFill(book.open.get(fill.symbol) ?? null, fill, instrument, {
    positionId: ctx.newId(),
    seq: 0,
    stopLoss: order.stopLoss,
    takeProfit: order.takeProfit,
  })
  book.realizedUsd = book.realizedUsd.plus(effect.netUsd)
  if (effect.closed) putPosition(ctx, effect.closed)
  if (effect.position) {
    putPosition(ctx, effect.position)
    book.open.set(fill.symbol, effect.position)
  } else {
    book.open.delete(fill.symbol)
  }
  if (effect.closed) onTradeClosed(ctx, book, order, effect.closed)
}

function putPosition(ctx: DeskContext, position: Position): void {
  ctx.changes.positions.set(position.positionId, position)
  ctx.changes.outbox.push(positionMessage(position))
}

function onTradeClosed(ctx: DeskContext, book: StrategyBook, order: Order, closed: Position): void {
  const at = ctx.at.getTime()
  foldStrategy(ctx, book, { type: 'trade_closed', at, netPnlUsd: tradeNetPnlUsd(closed).toFixed() })
  if (order.origin === 'stop_loss') {
    foldStrategy(ctx, book, { type: 'stop_exit', at, symbol: closed.symbol, positionSide: closed.side })
  }
}

function filledOrder(order: Order, fill: Fill): Order {
  const filledQuantity = order.filledQuantity.plus(fill.quantity)
  const notional = (order.averageFillPrice ?? new Decimal(0))
    .times(order.filledQuantity)
    .plus(fill.price.times(fill.quantity))
  const done = filledQuantity.gte(order.quantity)
  return {
    ...order,
    status: done ? 'FILLED' : 'SUBMITTED',
    filledQuantity,
    averageFillPrice: notional.div(filledQuantity).toDecimalPlaces(18),
    fees: order.fees.plus(fill.fee),
    filledAt: done ? fill.filledAt : null,
  }
}
