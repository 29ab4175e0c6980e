import type { Decimal, Position } from '@quantdeck/domain'
import type { Quote } from '../broker/port.ts'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { cancelWorking } from './cancel-order.ts'
import { judge } from './judge.ts'
import type { OrderDraft } from './order-draft.ts'
import { restOf } from './order-machine.ts'
import { keepProtected } from './protection.ts'
import { closingSide, coveredQuantity, protectiveGroups, reducingOrders } from './protective-orders.ts'
import { markEquity, rollDays } from './risk-fold.ts'
import { submitOrder } from './submit.ts'
import { isWaiting } from './waiting.ts'

/**
 * A price arrived: days roll, the mark moves, equity is judged. Stops and targets rest at the broker; what of a position it
 * does not protect is closed from here when its price is touched. A price that is older than the mark is no news.
 */
export function onQuote(ctx: DeskContext, quote: Quote): void {
  const known = ctx.books.marks.get(quote.symbol)
  if (known && known.at > quote.at) return
  rollDays(ctx)
  const mark = { price: quote.price, at: quote.at }
  ctx.books.marks.set(quote.symbol, mark)
  ctx.changes.marks.set(quote.symbol, mark)
  markEquity(ctx, quote.symbol)
  for (const book of ctx.books.strategies.values()) {
    const position = book.open.get(quote.symbol)
    if (!position) continue
    exitIfTouched(ctx, book, position, quote)
    keepProtected(ctx, book, quote.symbol)
  }
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

/** Units that no protective order at the broker closes. */
export function uncoveredQuantity(book: StrategyBook, position: Position): Decimal {
  return position.quantity.abs().minus(coveredQuantity(protectiveGroups(book, position.symbol)))
}

function exitIfTouched(ctx: DeskContext, book: StrategyBook, position: Position, quote: Quote): void {
  const uncovered = uncoveredQuantity(book, position)
  if (!uncovered.gt(0)) return
  const touched = touchedExit(position, quote.low ?? quote.price, quote.high ?? quote.price)
  if (!touched) return
  const quantity = clearTheWay(ctx, book, position, uncovered)
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
function clearTheWay(ctx: DeskContext, book: StrategyBook, position: Position, uncovered: Decimal): Decimal {
  let left = uncovered
  for (const order of reducingOrders(book, position.symbol, closingSide(position))) {
    if (isWaiting(ctx.books, order) && !order.isHeld) {
      cancelWorking(ctx, book, order)
      continue
    }
    left = left.minus(restOf(order))
    if (order.orderType !== 'MARKET' && !order.isHeld) cancelWorking(ctx, book, order)
  }
  return left
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
