import { toDecimal, type EquityPoint, type TimeWindow, type TradingMode } from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { EquityPointsTable } from '../schema/equity-points.ts'
import { RowBatch } from './batch.ts'
import { given } from './values.ts'

/** `account:PAPER` or `strategy:momentum_v1:PAPER`. */
export type EquityScope = `account:${TradingMode}` | `strategy:${string}:${TradingMode}`

export function accountScope(mode: TradingMode): EquityScope {
  return `account:${mode}`
}

export function strategyScope(strategyId: string, mode: TradingMode): EquityScope {
  return `strategy:${strategyId}:${mode}`
}

export function toEquityPoint(row: Omit<Selectable<EquityPointsTable>, 'scope'>): EquityPoint {
  return {
    at: row.at,
    equity: toDecimal(row.equity),
    realizedPnl: toDecimal(row.realizedPnl),
    unrealizedPnl: toDecimal(row.unrealizedPnl),
  }
}

const batch = new RowBatch('equity_points', ['scope', 'at', 'equity', 'realizedPnl', 'unrealizedPnl'])

/** A second point at the same instant replaces the first; each (scope, at) at most once per call. */
export async function insertEquityPoints(
  db: Queryable,
  points: readonly (EquityPoint & { scope: EquityScope })[],
): Promise<void> {
  await batch.insert(
    db,
    points,
    sql`on conflict (scope, at) do update set ${batch.assign('excluded', ['equity', 'realizedPnl', 'unrealizedPnl'])}`,
  )
}

/** Points in [from, to), oldest first. */
export async function listEquityPoints(
  db: Queryable,
  scope: EquityScope,
  window: TimeWindow,
): Promise<EquityPoint[]> {
  const rows = await db
    .selectFrom('equityPoints')
    .select(['at', 'equity', 'realizedPnl', 'unrealizedPnl'])
    .where('scope', '=', scope)
    .where('at', '<', window.to)
    .where((eb) => eb.and(given(window.from, (from) => eb('at', '>=', from))))
    .orderBy('at')
    .execute()
  return rows.map(toEquityPoint)
}

/** The last point of each day or hour of a zone within [from, to), oldest first. */
export async function listLastEquityPointPer(
  db: Queryable,
  bucket: 'day' | 'hour',
  scope: EquityScope,
  window: TimeWindow,
  zone = 'UTC',
): Promise<EquityPoint[]> {
  const after = window.from === null ? sql`` : sql`and at >= ${window.from}`
  const { rows } = await sql<Omit<Selectable<EquityPointsTable>, 'scope'>>`
    select at, equity, realized_pnl, unrealized_pnl from (
      select distinct on (bucket) * from (
        select *, date_trunc(${bucket}::text, at, ${zone}::text) as bucket
        from equity_points where scope = ${scope} and at < ${window.to} ${after}
      ) bucketed order by bucket, at desc
    ) last_of order by at`.execute(db)
  return rows.map(toEquityPoint)
}

/** The last point before an instant (or at all): the base of a window. */
export async function findLastEquityPoint(
  db: Queryable,
  scope: EquityScope,
  before?: Date,
): Promise<EquityPoint | null> {
  const row = await db
    .selectFrom('equityPoints')
    .select(['at', 'equity', 'realizedPnl', 'unrealizedPnl'])
    .where('scope', '=', scope)
    .where((eb) => eb.and(given(before, (end) => eb('at', '<', end))))
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : toEquityPoint(row)
}

export async function findFirstEquityPoint(db: Queryable, scope: EquityScope): Promise<EquityPoint | null> {
  const row = await db
    .selectFrom('equityPoints')
    .select(['at', 'equity', 'realizedPnl', 'unrealizedPnl'])
    .where('scope', '=', scope)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : toEquityPoint(row)
}
