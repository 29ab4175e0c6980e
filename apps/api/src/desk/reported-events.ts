import { listFillsByTradeIds, listOrdersByClientIds, type Trx } from '@quantdeck/db'
import type { Fill, Order } from '@quantdeck/domain'
import type { BrokerEvent, BrokerFill } from '../broker/port.ts'
import { findByClientOrderId } from './books.ts'
import { changedFill, unknownFill } from './broker-alerts.ts'
import { onBrokerEvents } from './broker-events.ts'
import type { DeskContext } from './context.ts'

/** What is booked of a trade: enough to tell whether a report of it says the same. */
type Booked = Pick<Fill, 'quantity' | 'price' | 'fee'>

/**
 * Books what a broker reports of one mode's orders, however often and in whatever order it says so: a fill counts once,
 * by its broker trade id, and one that comes after its order was finished is booked as well, with a CRITICAL alert.
 */
export async function bookReports(ctx: DeskContext, trx: Trx, events: readonly BrokerEvent[]): Promise<void> {
  const fills = events.filter((event) => event.type === 'fill')
  const booked = await listFillsByTradeIds(
    trx,
    fills.map((fill) => fill.brokerTradeId),
  )
  bookOnce(ctx, events, { booked, finished: await finishedOrders(ctx, trx, events) })
}

/** The same from values: what is booked of these trades, and the orders concerned that were finished before. */
export function bookOnce(
  ctx: DeskContext,
  events: readonly BrokerEvent[],
  known: { booked: readonly Fill[]; finished: readonly Order[] },
): void {
  const booked = new Map<string, Booked>(known.booked.map((fill) => [fill.brokerTradeId, fill]))
  const finished = new Map(known.finished.map((order) => [order.clientOrderId, order]))
  const find = (clientOrderId: string) => findFinished(ctx, finished, clientOrderId)
  const news: BrokerEvent[] = []
  for (const event of events) {
    if (event.type === 'fill') {
      const earlier = booked.get(event.brokerTradeId)
      const found = findByClientOrderId(ctx.books, event.clientOrderId) ?? find(event.clientOrderId)
      if (!found) ctx.changes.alerts.push(unknownFill(event))
      else if (earlier && !isSame(earlier, event)) ctx.changes.alerts.push(changedFill(event, found.order))
      if (earlier || !found) continue
      booked.set(event.brokerTradeId, event)
    }
    news.push(event)
  }
  onBrokerEvents(ctx, news, find)
}

function isSame(booked: Booked, event: BrokerFill): boolean {
  return booked.quantity.eq(event.quantity) && booked.price.eq(event.price) && booked.fee.eq(event.fee)
}

/** Orders of these reports that were finished before; those that finish meanwhile are in the change set. */
async function finishedOrders(ctx: DeskContext, trx: Trx, events: readonly BrokerEvent[]): Promise<Order[]> {
  const ids = events.map((event) => event.clientOrderId).filter((id) => !findByClientOrderId(ctx.books, id))
  return ids.length === 0 ? [] : listOrdersByClientIds(trx, [...new Set(ids)])
}

function findFinished(ctx: DeskContext, finished: ReadonlyMap<string, Order>, clientOrderId: string) {
  const { newOrders, changedOrders } = ctx.changes
  const order =
    [...newOrders.values(), ...changedOrders.values()].find(
      (candidate) => candidate.clientOrderId === clientOrderId,
    ) ?? finished.get(clientOrderId)
  const book = order && ctx.books.strategies.get(order.strategyId)
  return order && book ? { order, book } : null
}
