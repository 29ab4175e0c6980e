import { type Decimal, type Position } from '@quantdeck/domain'
import type { Quote } from '../broker/port.ts'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { markEquity, rollDays } from './risk-fold.ts'
import { submitOrder } from './submit.ts'

/** A price arrived: days roll, the mark moves, equity is judged, and protective exits that were touched are sent. */
export function onQuote(ctx: DeskContext, quote: Quote): void {
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
  if (!touched || isClosing(book, position)) return
  submitOrder(ctx, book, {
    strategyId: position.strategyId,
    symbol: position.symbol,
    side: position.quantity.gt(0) ? 'SELL' : 'BUY',
    quantity: position.quantity.abs(),
    orderType: 'MARKET',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'GTC',
    origin: touched.origin,
    isEntry: false,
    reduceOnly: true,
    stopLoss: null,
    takeProfit: null,
    signalId: null,
    allowDuplicate: true,
  })
}

/** True while an order that closes the position is already on its way. */
function isClosing(book: StrategyBook, position: Position): boolean {
  for (const order of book.working.values()) {
    if (order.symbol === position.symbol && order.reduceOnly && order.timeInForce !== 'OPG') return true
  }
  return false
}
