import { toDecimal, type Position, type TradingMode } from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { PositionsTable } from '../schema/positions.ts'
import { RowBatch } from './batch.ts'
import {
  decimalOrNull,
  given,
  isUuid,
  type InstantRange,
  visibleOnly,
  type VisibleStrategies,
} from './values.ts'

export interface PositionFilter {
  visible: VisibleStrategies
  strategyId?: string
  symbol?: string
  mode?: TradingMode
}
/** `from` and `to` are of `closedAt`. */
export interface TradeFilter extends PositionFilter, InstantRange {}

export function toPosition(row: Selectable<PositionsTable>): Position {
  return {
    positionId: row.positionId,
    seq: row.seq,
    mode: row.mode,
    strategyId: row.strategyId,
    symbol: row.symbol,
    quantity: toDecimal(row.quantity),
    costBasis: toDecimal(row.costBasis),
    realizedQuote: toDecimal(row.realizedQuote),
    realizedUsd: toDecimal(row.realizedUsd),
    feesUsd: toDecimal(row.feesUsd),
    costUsd: toDecimal(row.costUsd),
    peakQuantity: toDecimal(row.peakQuantity),
    closedQuantity: toDecimal(row.closedQuantity),
    side: row.side,
    entryPrice: toDecimal(row.entryPrice),
    exitPrice: decimalOrNull(row.exitPrice),
    stopLoss: decimalOrNull(row.stopLoss),
    takeProfit: decimalOrNull(row.takeProfit),
    openedAt: row.openedAt,
    closedAt: row.closedAt,
  }
}

const identity = ['positionId', 'mode', 'strategyId', 'symbol', 'side', 'openedAt'] as const
const mutable = [
  'quantity',
  'costBasis',
  'realizedQuote',
  'realizedUsd',
  'feesUsd',
  'costUsd',
  'peakQuantity',
  'closedQuantity',
  'entryPrice',
  'exitPrice',
  'stopLoss',
  'takeProfit',
  'closedAt',
] as const
const batch = new RowBatch('positions', [...identity, ...mutable])

/**
 * Updates known positions and inserts new ones in one statement, each position at most once per call.
 * Not `on conflict`: that would use up an identity per update, and the identity is the rl family's position id.
 * @returns the identities of the new ones, by position id
 */
export async function upsertPositions(
  db: Queryable,
  positions: readonly Omit<Position, 'seq'>[],
): Promise<Map<string, number>> {
  if (positions.length === 0) return new Map()
  const { rows } = await sql<{ positionId: string; seq: number }>`
    with r as (select * from ${batch.spread(positions)}),
    updated as (
      update positions p set ${batch.assign('r', mutable)} from r
      where p.position_id = r.position_id returning p.position_id
    )
    insert into positions (${batch.list()}) select ${batch.list('r')} from r
    where r.position_id not in (select position_id from updated)
    returning position_id, seq`.execute(db)
  return new Map(rows.map((row) => [row.positionId, row.seq]))
}

function filtered(db: Queryable, filter: PositionFilter) {
  const { visible, strategyId, symbol, mode } = filter
  return db
    .selectFrom('positions')
    .where((eb) =>
      eb.and([
        ...visibleOnly(visible),
        ...given(strategyId, (id) => eb('strategyId', '=', id)),
        ...given(symbol, (value) => eb('symbol', '=', value)),
        ...given(mode, (value) => eb('mode', '=', value)),
      ]),
    )
}

/** All open positions that match, recent first; totals need all of them, so pages are cut by the caller. */
export async function listOpenPositions(db: Queryable, filter: PositionFilter): Promise<Position[]> {
  const rows = await filtered(db, filter)
    .selectAll()
    .where('closedAt', 'is', null)
    .orderBy('openedAt', 'desc')
    .orderBy('seq', 'desc')
    .execute()
  return rows.map(toPosition)
}

function closed(db: Queryable, filter: TradeFilter) {
  const { from, to } = filter
  return filtered(db, filter)
    .where('closedAt', 'is not', null)
    .where((eb) =>
      eb.and([
        ...given(from, (at) => eb('closedAt', '>=', at)),
        ...given(to, (at) => eb('closedAt', '<=', at)),
      ]),
    )
}

/**
 * Closed round trips, recently closed first; at most `limit` where that is given. Totals need all of them, so pages are
 * cut by the caller.
 */
export async function listTrades(db: Queryable, filter: TradeFilter, limit?: number): Promise<Position[]> {
  const query = closed(db, filter).selectAll().orderBy('closedAt', 'desc').orderBy('seq', 'desc')
  const rows = await (limit === undefined ? query : query.limit(limit)).execute()
  return rows.map(toPosition)
}

export async function countTrades(db: Queryable, filter: TradeFilter): Promise<number> {
  const { count } = await closed(db, filter)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** From when to when a position was held; null: it still is. */
export interface Holding {
  openedAt: Date
  closedAt: Date | null
}

/** The positions that were open at any moment of [from, to], in the order of their opening. */
export async function listHoldings(
  db: Queryable,
  filter: PositionFilter,
  { from, to }: { from: Date; to: Date },
): Promise<Holding[]> {
  return filtered(db, filter)
    .select(['openedAt', 'closedAt'])
    .where('openedAt', '<=', to)
    .where((eb) => eb.or([eb('closedAt', 'is', null), eb('closedAt', '>=', from)]))
    .orderBy('openedAt')
    .execute()
}

/** Open or closed, by its uuid. */
export async function findPosition(db: Queryable, positionId: string): Promise<Position | null> {
  if (!isUuid(positionId)) return null
  const row = await db
    .selectFrom('positions')
    .selectAll()
    .where('positionId', '=', positionId)
    .executeTakeFirst()
  return row === undefined ? null : toPosition(row)
}

/** Open or closed, by their uuids. */
export async function listPositionsByIds(db: Queryable, positionIds: readonly string[]): Promise<Position[]> {
  if (positionIds.length === 0) return []
  const rows = await db.selectFrom('positions').selectAll().where('positionId', 'in', positionIds).execute()
  return rows.map(toPosition)
}
