import {
  applyFill,
  type Fill,
  type Instrument,
  type Order,
  type Position,
  tradeNetPnlUsd,
  usdRateOf,
} from '@quantdeck/domain'
import type { BrokerFill } from '../broker/port.ts'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { positionMessage } from './messages.ts'
import { foldBoth, foldStrategy, markEquity, rollDays } from './risk-fold.ts'

/** Books a fill: position, realised result, and what they mean to the risk states. `order` is as it was before. */
export function bookFill(ctx: DeskContext, book: StrategyBook, order: Order, event: BrokerFill): void {
  const instrument = ctx.books.instruments.get(order.symbol)
  if (!instrument) throw new Error(`a fill for ${order.symbol}, which is no instrument`)
  rollDays(ctx)
  const fill = toFill(ctx, order, event, instrument)
  ctx.changes.fills.push(fill)
  moveBooks(ctx, book, order, fill, instrument)
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

function toFill(ctx: DeskContext, order: Order, event: BrokerFill, instrument: Instrument): Fill {
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

function moveBooks(
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
  book.unprotected.delete(effect.closed.positionId)
  onTradeClosed(ctx, book, order, effect.closed)
}

export function putPosition(ctx: DeskContext, position: Position): void {
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
