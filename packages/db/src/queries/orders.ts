import type { JsonValue, Order, TradingMode } from '@quantdeck/domain'
import { type RawBuilder, sql } from 'kysely'
import type { Queryable } from '../client.ts'
import { identitiesInOrder, RowBatch, type Identity } from './batch.ts'
import { facts, listed, toOrder } from './order-rows.ts'
import { given, isAnyOf, isUuid } from './values.ts'

/** An order before the database numbered it. `checks` is what the risk engine looked at. */
export type NewOrder = Omit<Order, 'seq'> & { reason?: string | null; checks?: JsonValue }
export interface OrderDetail {
  order: Order
  reason: string | null
  checks: JsonValue
}

/** What the life of an order changes; the rest is what was asked for. */
const mutable = [
  'status',
  'filledQuantity',
  'averageFillPrice',
  'fees',
  'rejectedBy',
  'violations',
  'brokerOrderId',
  'inDoubt',
  'isHeld',
  'filledAt',
  'cancelledAt',
] as const
const inserted = [...facts, 'reason', 'checks'] as const
const insertBatch = new RowBatch('orders', inserted)
const updateBatch = new RowBatch('orders', ['orderId', ...mutable])

/** @returns the identities, in the order of the orders */
export async function insertOrders(db: Queryable, orders: readonly NewOrder[]): Promise<number[]> {
  const returned = await insertBatch.insert<Identity>(db, toRows(orders), sql`returning order_id as id, seq`)
  const ids = orders.map(({ orderId }) => orderId)
  return identitiesInOrder(ids, returned)
}

/** The same as a part of a larger statement. */
export function ordersInsertion(orders: readonly NewOrder[]): RawBuilder<unknown> {
  return insertBatch.insertion(toRows(orders))
}

function toRows(orders: readonly NewOrder[]) {
  return orders.map((order) => ({ ...order, reason: order.reason, checks: order.checks }))
}

/** Writes what an order's life changes (status, fills, fees, broker's id, refusal); each order at most once per call. */
export async function updateOrders(db: Queryable, orders: readonly Order[]): Promise<void> {
  if (orders.length > 0) await sql`${ordersUpdate(orders)}`.execute(db)
}

/** The same as a part of a larger statement. */
export function ordersUpdate(orders: readonly Order[]): RawBuilder<unknown> {
  return sql`update orders o set ${updateBatch.assign('r', mutable)}
    from ${updateBatch.spread(orders)} r where o.order_id = r.order_id`
}

/** Why an order was cancelled or refused, in words. */
export async function setOrderReason(db: Queryable, orderId: string, reason: string): Promise<void> {
  await db.updateTable('orders').set({ reason }).where('orderId', '=', orderId).execute()
}

export async function findOrder(db: Queryable, orderId: string): Promise<OrderDetail | null> {
  if (!isUuid(orderId)) return null
  const row = await db.selectFrom('orders').selectAll().where('orderId', '=', orderId).executeTakeFirst()
  return row === undefined
    ? null
    : { order: toOrder(row), reason: row.reason, checks: (row.checks ?? null) as JsonValue }
}

/** The orders of these ids, in whatever state. */
export async function listOrdersByIds(db: Queryable, orderIds: readonly string[]): Promise<Order[]> {
  if (orderIds.length === 0) return []
  const rows = await db.selectFrom('orders').select(listed).where('orderId', 'in', orderIds).execute()
  return rows.map(toOrder)
}

/** The orders that carry these ids, in whatever state: what a broker's reports are matched with. */
export async function listOrdersByClientIds(
  db: Queryable,
  clientOrderIds: readonly string[],
): Promise<Order[]> {
  const rows = await db
    .selectFrom('orders')
    .select(listed)
    .where(isAnyOf('clientOrderId', clientOrderIds))
    .execute()
  return rows.map(toOrder)
}

/** Which of these ids an order carries already. */
export async function listUsedClientIds(db: Queryable, clientOrderIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('orders')
    .select('clientOrderId')
    .where(isAnyOf('clientOrderId', clientOrderIds))
    .execute()
  return rows.map(({ clientOrderId }) => clientOrderId)
}

/** PENDING and SUBMITTED orders, oldest first: what a mode's books load at start. */
export async function listWorkingOrders(
  db: Queryable,
  mode: TradingMode,
  strategyId?: string,
): Promise<Order[]> {
  const rows = await db
    .selectFrom('orders')
    .select(listed)
    .where('mode', '=', mode)
    .where('status', 'in', ['PENDING', 'SUBMITTED'])
    .where((eb) => eb.and(given(strategyId, (id) => eb('strategyId', '=', id))))
    .orderBy('seq')
    .execute()
  return rows.map(toOrder)
}
