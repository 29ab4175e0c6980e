import {
  toDecimal,
  type JsonValue,
  type Order,
  type OrderStatus,
  type TradingMode,
  type ViolationRecord,
} from '@quantdeck/domain'
import { type RawBuilder, sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { OrdersTable } from '../schema/orders.ts'
import { identitiesInOrder, RowBatch, type Identity } from './batch.ts'
import { type Page, readPage } from './page.ts'
import {
  decimalOrNull,
  given,
  isAnyOf,
  isUuid,
  type InstantRange,
  visibleOnly,
  type VisibleStrategies,
} from './values.ts'

/** An order before the database numbered it. `checks` is what the risk engine looked at. */
export type NewOrder = Omit<Order, 'seq'> & { reason?: string | null; checks?: JsonValue }
export interface OrderDetail {
  order: Order
  reason: string | null
  checks: JsonValue
}

export interface OrderFilter extends InstantRange {
  visible: VisibleStrategies
  strategyId?: string
  status?: OrderStatus
  mode?: TradingMode
  symbol?: string
}

const facts = [
  'orderId',
  'clientOrderId',
  'mode',
  'strategyId',
  'symbol',
  'side',
  'quantity',
  'orderType',
  'limitPrice',
  'stopPrice',
  'timeInForce',
  'status',
  'filledQuantity',
  'averageFillPrice',
  'fees',
  'origin',
  'isEntry',
  'reduceOnly',
  'signalId',
  'stopLoss',
  'takeProfit',
  'rejectedBy',
  'violations',
  'brokerOrderId',
  'inDoubt',
  'isHeld',
  'ocoGroupId',
  'submittedAt',
  'filledAt',
  'cancelledAt',
] as const
/** What risk looked at is several times as long as the rest, and read for one order at a time only. */
const listed = ['seq', ...facts] as const
const inserted = [...facts, 'reason', 'checks'] as const
type OrderRow = Pick<Selectable<OrdersTable>, (typeof listed)[number]>

function toOrder(row: OrderRow): Order {
  return {
    orderId: row.orderId,
    seq: row.seq,
    clientOrderId: row.clientOrderId,
    mode: row.mode,
    strategyId: row.strategyId,
    symbol: row.symbol,
    side: row.side,
    quantity: toDecimal(row.quantity),
    orderType: row.orderType,
    limitPrice: decimalOrNull(row.limitPrice),
    stopPrice: decimalOrNull(row.stopPrice),
    timeInForce: row.timeInForce,
    status: row.status,
    filledQuantity: toDecimal(row.filledQuantity),
    averageFillPrice: decimalOrNull(row.averageFillPrice),
    fees: toDecimal(row.fees),
    origin: row.origin,
    isEntry: row.isEntry,
    reduceOnly: row.reduceOnly,
    signalId: row.signalId,
    stopLoss: decimalOrNull(row.stopLoss),
    takeProfit: decimalOrNull(row.takeProfit),
    rejectedBy: row.rejectedBy,
    violations: row.violations as ViolationRecord[],
    brokerOrderId: row.brokerOrderId,
    inDoubt: row.inDoubt,
    isHeld: row.isHeld,
    ocoGroupId: row.ocoGroupId,
    submittedAt: row.submittedAt,
    filledAt: row.filledAt,
    cancelledAt: row.cancelledAt,
  }
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

function filtered(db: Queryable, filter: OrderFilter) {
  const { visible, strategyId, status, mode, symbol, from, to } = filter
  return db
    .selectFrom('orders')
    .where((eb) =>
      eb.and([
        ...visibleOnly(visible),
        ...given(strategyId, (id) => eb('strategyId', '=', id)),
        ...given(status, (value) => eb('status', '=', value)),
        ...given(mode, (value) => eb('mode', '=', value)),
        ...given(symbol, (value) => eb('symbol', '=', value)),
        ...given(from, (at) => eb('submittedAt', '>=', at)),
        ...given(to, (at) => eb('submittedAt', '<=', at)),
      ]),
    )
}

/** Recent first. `totalCount` counts after the filters, over all pages. */
export async function listOrders(
  db: Queryable,
  filter: OrderFilter,
  page: Page,
): Promise<{ orders: Order[]; totalCount: number }> {
  const query = filtered(db, filter)
  const { rows, totalCount } = await readPage(query, (q) => q.select(listed), 'submittedAt', page)
  return { orders: rows.map(toOrder), totalCount }
}

export async function countOrdersByStatus(
  db: Queryable,
  filter: OrderFilter,
): Promise<Record<OrderStatus, number>> {
  const counts: Record<OrderStatus, number> = {
    PENDING: 0,
    SUBMITTED: 0,
    FILLED: 0,
    CANCELLED: 0,
    REJECTED: 0,
  }
  const rows = await filtered(db, filter)
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute()
  for (const { status, count } of rows) counts[status] = count
  return counts
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
