import { toDecimal, type Fill, type TradingMode } from '@quantdeck/domain'
import type { Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { FillsTable } from '../schema/fills.ts'
import { RowBatch } from './batch.ts'
import { given, isAnyOf, isUuid } from './values.ts'

export function toFill(row: Selectable<FillsTable>): Fill {
  return {
    fillId: row.fillId,
    orderId: row.orderId,
    brokerTradeId: row.brokerTradeId,
    mode: row.mode,
    strategyId: row.strategyId,
    symbol: row.symbol,
    side: row.side,
    quantity: toDecimal(row.quantity),
    price: toDecimal(row.price),
    fee: toDecimal(row.fee),
    usdRate: toDecimal(row.usdRate),
    filledAt: row.filledAt,
  }
}

const batch = new RowBatch('fills', [
  'fillId',
  'orderId',
  'brokerTradeId',
  'mode',
  'strategyId',
  'symbol',
  'side',
  'quantity',
  'price',
  'fee',
  'usdRate',
  'filledAt',
])

/** A broker trade id that is already booked fails the statement, and with it the transaction. */
export async function insertFills(db: Queryable, fills: readonly Fill[]): Promise<void> {
  await batch.insert(db, fills)
}

/** In the order in which they were booked. */
export async function listFillsOfOrder(db: Queryable, orderId: string): Promise<Fill[]> {
  if (!isUuid(orderId)) return []
  const rows = await db
    .selectFrom('fills')
    .selectAll()
    .where('orderId', '=', orderId)
    .orderBy('seq')
    .execute()
  return rows.map(toFill)
}

export interface RoundTripKey {
  mode: TradingMode
  strategyId: string
  symbol: string
  openedAt: Date
  closedAt: Date | null
}

/** The fills between the opening and the closing of a position, both included, as they were booked. */
export async function listFillsOfRoundTrip(db: Queryable, key: RoundTripKey): Promise<Fill[]> {
  const rows = await db
    .selectFrom('fills')
    .selectAll()
    .where('mode', '=', key.mode)
    .where('strategyId', '=', key.strategyId)
    .where('symbol', '=', key.symbol)
    .where('filledAt', '>=', key.openedAt)
    .where((eb) => eb.and(given(key.closedAt, (at) => eb('filledAt', '<=', at))))
    .orderBy('seq')
    .execute()
  return rows.map(toFill)
}

/** The fills that carry these ids of the broker: those of its trades that are booked already. */
export async function listFillsByTradeIds(db: Queryable, brokerTradeIds: readonly string[]): Promise<Fill[]> {
  if (brokerTradeIds.length === 0) return []
  const rows = await db
    .selectFrom('fills')
    .selectAll()
    .where(isAnyOf('brokerTradeId', brokerTradeIds))
    .execute()
  return rows.map(toFill)
}

/** When a mode's last fill happened; null before the first. */
export async function lastFillAt(db: Queryable, mode: TradingMode): Promise<Date | null> {
  const { last } = await db
    .selectFrom('fills')
    .select(({ fn }) => fn.max('filledAt').as('last'))
    .where('mode', '=', mode)
    .executeTakeFirstOrThrow()
  return last
}
