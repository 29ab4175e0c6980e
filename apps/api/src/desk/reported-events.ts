import { listBookedTradeIds, listOrdersByClientIds, type Trx } from '@quantdeck/db'
import type { Order } from '@quantdeck/domain'
import type { BrokerEvent } from '../broker/port.ts'
import { findByClientOrderId } from './books.ts'
import { brokerAlert, type FillEvent, onBrokerEvent, onFill } from './broker-events.ts'
import type { DeskContext } from './context.ts'

/**
 * Books what a broker reports of one mode's orders, however often and in whatever order it says so: a fill counts once,
 * by its broker trade id, and one that comes after its order was finished is booked as well, with a CRITICAL alert.
 */
export async function bookReports(ctx: DeskContext, trx: Trx, events: readonly BrokerEvent[]): Promise<void> {
  const fills = events.filter((event) => event.type === 'fill')
  const booked = await listBookedTradeIds(
    trx,
    fills.map((fill) => fill.brokerTradeId),
  )
  const finished = await finishedOrders(ctx, trx, fills)
  for (const event of events) {
    const at: DeskContext = { ...ctx, at: event.at }
    if (event.type !== 'fill') onBrokerEvent(at, event)
    else if (!booked.has(event.brokerTradeId)) {
      booked.add(event.brokerTradeId)
      if (findByClientOrderId(ctx.books, event.clientOrderId)) onBrokerEvent(at, event)
      else onLateFill(at, finished, event)
    }
  }
}

/** Orders of these fills that were finished before; those that finish meanwhile are in the change set. */
async function finishedOrders(
  ctx: DeskContext,
  trx: Trx,
  fills: readonly FillEvent[],
): Promise<Map<string, Order>> {
  const ids = fills.map((fill) => fill.clientOrderId).filter((id) => !findByClientOrderId(ctx.books, id))
  const orders = ids.length === 0 ? [] : await listOrdersByClientIds(trx, ids)
  return new Map(orders.map((order) => [order.clientOrderId, order]))
}

function onLateFill(ctx: DeskContext, finished: ReadonlyMap<string, Order>, event: FillEvent): void {
  const changed = [...ctx.changes.newOrders.values(), ...ctx.changes.changedOrders.values()]
  const order =
    changed.find((candidate) => candidate.clientOrderId === event.clientOrderId) ??
    finished.get(event.clientOrderId)
  const book = order && ctx.books.strategies.get(order.strategyId)
  if (!order || !book) {
    ctx.changes.alerts.push(unknownFill(event, order ?? null))
    return
  }
  ctx.changes.alerts.push(
    brokerAlert({
      code: 'LATE_FILL',
      message: `The broker filled ${event.quantity.toFixed()} ${order.symbol} of an order that was ${order.status}`,
      order,
      event,
    }),
  )
  onFill(ctx, book, order, event)
}

/** A fill that belongs to no order of ours. */
export function unknownFill(event: FillEvent, order: Order | null = null) {
  return brokerAlert({
    code: 'UNKNOWN_FILL',
    message: `The broker filled an order that is not in the books: ${event.clientOrderId}`,
    order,
    event,
  })
}
