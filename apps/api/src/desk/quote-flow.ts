import type { Decimal, Position } from '@quantdeck/domain'
import type { Quote } from '../broker/port.ts'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { markEquity, rollDays } from './risk-fold.ts'
import type { OrderDraft } from './order-draft.ts'
import { reducingOrders, restOf } from './risk-books.ts'
import { judge, submitOrder } from './submit.ts'
import { cancelWorking, isWaiting } from './waiting.ts'

/**
 * A price arrived: days roll, the mark moves, equity is judged, and protective exits that were touched are sent. A price
 * that is older than the mark is no news.
 */
export function onQuote(ctx: DeskContext, quote: Quote): void {
  const known = ctx.books.marks.get(quote.symbol)
  if (known && known.at > quote.at) return
  rollDays(ctx)
  const mark = { price: quote.price, at: quote.at }
  ctx.books.marks.set(quote.symbol, mark)
  ctx.changes.marks.set(quote.symbol, mark)
  markEquity(ctx, quote.symbol)
  for (const book of ctx.books.strategies.values()) protect(ctx, book, quote)
}

/** The exit that a position's bracket asks for at a price. The stop wins when both were touched. */
export function touchedExit(
  position: Position,
  low: Decimal,
  high: Decimal,
): { origin: 'stop_loss' | 'take_profit'; price: Decimal } | null {
  const long = position.quantity.gt(0)
  const { stopLoss, takeProfit } = position
  if (stopLoss && (long ? low.lte(stopLoss) : high.gte(stopLoss)))
    return { origin: 'stop_loss', price: stopLoss }
  if (takeProfit && (long ? high.gte(takeProfit) : low.lte(takeProfit))) {
    return { origin: 'take_profit', price: takeProfit }
  }
  return null
}

function protect(ctx: DeskContext, book: StrategyBook, quote: Quote): void {
  const position = book.open.get(quote.symbol)
  if (!position) return
  const touched = touchedExit(position, quote.low ?? quote.price, quote.high ?? quote.price)
  if (!touched) return
  const quantity = clearTheWay(ctx, book, position)
  if (!quantity.gt(0)) return
  const draft = exitOf(position, quantity, touched.origin)
  // Stored as refused once, not with every price while a kill switch holds.
  const refusal = judge(ctx, book, draft).violations[0]?.code
  if (refusal !== undefined && book.refusedExits.get(position.positionId) === refusal) return
  if (refusal === undefined) book.refusedExits.delete(position.positionId)
  else book.refusedExits.set(position.positionId, refusal)
  submitOrder(ctx, book, draft)
}

/**
 * What an exit still has to close. A market order on its way closes its part. Orders that only wait or rest are cancelled,
 * since the exit replaces them; one that rests at the broker counts until the broker has cancelled it, or both would fill.
 */
function clearTheWay(ctx: DeskContext, book: StrategyBook, position: Position): Decimal {
  let left = position.quantity.abs()
  for (const order of reducingOrders(book, position.symbol, closingSide(position))) {
    if (isWaiting(ctx.books, order)) {
      cancelWorking(ctx, book, order)
      continue
    }
    left = left.minus(restOf(order))
    if (order.orderType !== 'MARKET') cancelWorking(ctx, book, order)
  }
  return left
}

function closingSide(position: Position): 'BUY' | 'SELL' {
  return position.quantity.gt(0) ? 'SELL' : 'BUY'
}

function exitOf(position: Position, quantity: Decimal, origin: 'stop_loss' | 'take_profit'): OrderDraft {
  return {
    strategyId: position.strategyId,
    symbol: position.symbol,
    side: closingSide(position),
    quantity,
    orderType: 'MARKET',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'GTC',
    origin,
    isEntry: false,
    reduceOnly: true,
    stopLoss: null,
    takeProfit: null,
    signalId: null,
    allowDuplicate: true,
  }
}
