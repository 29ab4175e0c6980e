import type { Order } from '@quantdeck/domain'
import type { BrokerEvent } from '../broker/port.ts'
import { bookFill } from './book-fill.ts'
import { findByClientOrderId, type StrategyBook } from './books.ts'
import { brokerAlert, lateFill } from './broker-alerts.ts'
import type { DeskContext } from './context.ts'
import { settleSymbol } from './held-orders.ts'
import { step } from './order-machine.ts'
import { isProtective } from './protective-orders.ts'
import { putOrder } from './put-order.ts'

/** Finds an order that is not working any more. */
export type FindFinished = (clientOrderId: string) => { book: StrategyBook; order: Order } | null

/**
 * What the broker reports, booked in its order; then what has to follow from it for the symbols concerned. Whoever calls
 * has dropped fills that are booked already. Reports of orders that are found nowhere change nothing.
 */
export function onBrokerEvents(
  ctx: DeskContext,
  events: readonly BrokerEvent[],
  findFinished: FindFinished = () => null,
): void {
  const touched = new Map<StrategyBook, Set<string>>()
  for (const event of events) {
    const found = findByClientOrderId(ctx.books, event.clientOrderId) ?? findFinished(event.clientOrderId)
    if (!found) continue
    report({ ...ctx, at: event.at }, found.book, found.order, event)
    const symbols = touched.get(found.book) ?? new Set()
    touched.set(found.book, symbols.add(found.order.symbol))
  }
  for (const [book, symbols] of touched) for (const symbol of symbols) settleSymbol(ctx, book, symbol)
}

function report(ctx: DeskContext, book: StrategyBook, order: Order, event: BrokerEvent): void {
  const next = step(order, event)
  if (next.contradiction) ctx.changes.alerts.push(brokerAlert({ ...next.contradiction, order, event }))
  if (next.isLate && next.fill) ctx.changes.alerts.push(lateFill(next.fill, order))
  if (next.order === order) return
  if (next.fill) bookFill(ctx, book, order, next.fill)
  putOrder(ctx, book, next.order)
  if (event.type === 'cancelled' && event.reason !== undefined)
    ctx.changes.reasons.set(order.orderId, event.reason)
  if (event.type === 'rejected' && isProtective(order)) refuseProtection(ctx, book, next.order)
}

/** The broker will not protect this position: asking again would be refused again. Prices are watched here instead. */
function refuseProtection(ctx: DeskContext, book: StrategyBook, order: Order): void {
  const position = book.open.get(order.symbol)
  if (!position || book.unprotected.has(position.positionId)) return
  book.unprotected.add(position.positionId)
  const reason = order.violations[0]?.message ?? 'no reason given'
  ctx.changes.alerts.push({
    severity: 'CRITICAL',
    code: 'POSITION_UNPROTECTED',
    message: `The broker took no protective orders for ${order.symbol} (${reason}): its stop is watched here and sent when the price is reached`,
    context: { position_id: position.positionId, symbol: order.symbol, reason },
    strategyId: order.strategyId,
    createdAt: ctx.at,
    dedupeKey: `POSITION_UNPROTECTED:${position.positionId}`,
  })
}
