import { toDecimal, type Order, type ViolationRecord } from '@quantdeck/domain'
import type { Selectable } from 'kysely'
import type { OrdersTable } from '../schema/orders.ts'
import { decimalOrNull } from './values.ts'

/** What an order is; its number and what risk looked at are besides. */
export const facts = [
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
export const listed = ['seq', ...facts] as const
export type OrderRow = Pick<Selectable<OrdersTable>, (typeof listed)[number]>

export function toOrder(row: OrderRow): Order {
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
