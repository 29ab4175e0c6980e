import {
  applyFill,
  type Fill,
  type Instrument,
  type Order,
  type Position,
  tradeNetPnlUsd,
  usdRateOf,
  ZERO,
} from '@quantdeck/domain'
import type { BrokerEvent } from '../broker/port.ts'
import { findByClientOrderId, type StrategyBook } from './books.ts'
import type { NewAlert } from './changes.ts'
import type { DeskContext } from './context.ts'
import { orderMessage, positionMessage } from './messages.ts'
import { foldBoth, foldStrategy, markEquity, rollDays } from './risk-fold.ts'

/**
 * What the broker reports of a working order, booked. Whoever calls has dropped fills that are booked already; reports of
 * finished orders go to late-fills.ts.
 */
export function onBrokerEvent(ctx: DeskContext, event: BrokerEvent): void {
  const found = findByClientOrderId(ctx.books, event.clientOrderId)
  if (!found) return
  const { book } = found
  // Whatever it says, the broker has answered.
  const order: Order = { ...found.order, inDoubt: false }
  switch (event.type) {
    case 'accepted':
      return putOrder(ctx, book, { ...order, status: 'SUBMITTED', brokerOrderId: event.brokerOrderId })
    case 'rejected':
      return putOrder(ctx, book, refusedByBroker(order, event))
    case 'cancelled':
      return putOrder(ctx, book, { ...order, status: 'CANCELLED', cancelledAt: event.at })
    case 'fill':
      return onFill(ctx, book, order, event)
  }
}

/** REJECTED; but what was filled in part before stays filled, and only the rest is gone. */
function refusedByBroker(order: Order, event: Extract<BrokerEvent, { type: 'rejected' }>): Order {
  const violations = [brokerRefusal(event.reason)]
  return order.filledQuantity.isZero()
    ? { ...order, status: 'REJECTED', rejectedBy: 'broker', violations }
    : { ...order, status: 'CANCELLED', cancelledAt: event.at, violations }
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

export type FillEvent = Extract<BrokerEvent, { type: 'fill' }>

/** Books a fill: order, position, realised result, and what they mean to the risk states. */
export function onFill(ctx: DeskContext, book: StrategyBook, order: Order, event: FillEvent): void {
  const instrument = ctx.books.instruments.get(order.symbol)
  if (!instrument) throw new Error(`a fill for ${order.symbol}, which is no instrument`)
  if (order.filledQuantity.plus(event.quantity).gt(order.quantity)) {
    ctx.changes.alerts.push(overfill(order, event))
    return
  }
  rollDays(ctx)
  const fill = toFill(ctx, order, event, instrument)
  ctx.changes.fills.push(fill)
  bookFill(ctx, book, order, fill, instrument)
  putOrder(ctx, book, filledOrder(order, fill))
  countExecution(ctx, book, order)
  markEquity(ctx, order.symbol, book)
}

/** Entries count towards the trades of the day with their first fill, automated orders towards the throttle (R16). */
function countExecution(ctx: DeskContext, book: StrategyBook, order: Order): void {
  const at = ctx.at.getTime()
  if (order.isEntry) foldBoth(ctx, book, { type: 'entry_filled', at, orderId: order.orderId })
  if (order.origin !== 'api' && order.filledQuantity.isZero())
    foldStrategy(ctx, book, { type: 'executed', at })
}

/** More than was ordered: the books cannot say what that was, so a person has to. */
function overfill(order: Order, event: FillEvent): NewAlert {
  const filled = order.filledQuantity.plus(event.quantity).toFixed()
  return brokerAlert({
    code: 'OVERFILL',
    message: `The broker filled ${filled} of an order of ${order.quantity.toFixed()} ${order.symbol}: not booked, compare positions with the broker`,
    order,
    event,
  })
}

/** A CRITICAL alert about a fill that does not fit the books; once per fill. */
export function brokerAlert(found: {
  code: string
  message: string
  order: Order | null
  event: FillEvent
}): NewAlert {
  const { code, message, order, event } = found
  return {
    severity: 'CRITICAL',
    code,
    message,
    context: {
      client_order_id: event.clientOrderId,
      broker_trade_id: event.brokerTradeId,
      quantity: event.quantity.toFixed(),
      price: event.price.toFixed(),
    },
    strategyId: order?.strategyId ?? null,
    createdAt: event.at,
    dedupeKey: `${code}:${event.brokerTradeId}`,
  }
}

function toFill(ctx: DeskContext, order: Order, event: FillEvent, instrument: Instrument): Fill {
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
  if (!effect.closed) return
  book.refusedExits.delete(effect.closed.positionId)
  onTradeClosed(ctx, book, order, effect.closed)
}

function putPosition(ctx: DeskContext, position: Position): void {
  ctx.changes.positions.set(position.positionId, position)
  ctx.changes.outbox.push(positionMessage(position))
}

function onTradeClosed(ctx: DeskContext, book: StrategyBook, order: Order, closed: Position): void {
  const at = ctx.at.getTime()
  foldBoth(ctx, book, { type: 'trade_closed', at, netPnlUsd: tradeNetPnlUsd(closed).toFixed() })
  if (order.origin === 'stop_loss') {
    foldBoth(ctx, book, { type: 'stop_exit', at, symbol: closed.symbol, positionSide: closed.side })
  }
}

/** The order after a fill: FILLED iff all of it is. A finished order that a late fill reaches stays finished. */
function filledOrder(order: Order, fill: Fill): Order {
  const filledQuantity = order.filledQuantity.plus(fill.quantity)
  const notional = (order.averageFillPrice ?? ZERO)
    .times(order.filledQuantity)
    .plus(fill.price.times(fill.quantity))
  const isWorking = order.status === 'PENDING' || order.status === 'SUBMITTED'
  const done = filledQuantity.eq(order.quantity)
  return {
    ...order,
    status: done ? 'FILLED' : isWorking ? 'SUBMITTED' : 'CANCELLED',
    rejectedBy: null,
    filledQuantity,
    averageFillPrice: notional.div(filledQuantity).toDecimalPlaces(18),
    fees: order.fees.plus(fill.fee),
    filledAt: done ? fill.filledAt : null,
  }
}
