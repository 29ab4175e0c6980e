import type { JsonValue, StrategyConfig } from '@quantdeck/domain'
import { sql } from 'kysely'
import type { Queryable } from '../client.ts'
import { RowBatch } from './batch.ts'
import { json } from './values.ts'

/** What happened to one scope (`account:PAPER`, `strategy:<id>:PAPER`), in the order of `seq`. */
export interface NewRiskEvent {
  scope: string
  at: Date
  type: string
  payload: JsonValue
}
export interface RiskEvent extends NewRiskEvent {
  seq: number
}

/** The fold of a scope's events up to `lastSeq`. */
export interface RiskStateRow {
  scope: string
  state: JsonValue
  lastSeq: number
}

const events = new RowBatch('risk_events', ['scope', 'at', 'type', 'payload'])
const states = new RowBatch('risk_states', ['scope', 'state', 'lastSeq'])

/** @returns the identities, ascending, in the order of the events */
export async function insertRiskEvents(db: Queryable, rows: readonly NewRiskEvent[]): Promise<number[]> {
  const returned = await events.insert<{ seq: number }>(db, rows, sql`returning seq`)
  return returned.map(({ seq }) => seq).sort((a, b) => a - b)
}

/** Each scope at most once per call. */
export async function upsertRiskStates(db: Queryable, rows: readonly RiskStateRow[]): Promise<void> {
  await states.insert(
    db,
    rows,
    sql`on conflict (scope) do update set ${states.assign('excluded', ['state', 'lastSeq'])}`,
  )
}

export async function listRiskStates(db: Queryable): Promise<RiskStateRow[]> {
  const rows = await db.selectFrom('riskStates').selectAll().orderBy('scope').execute()
  return rows.map((row) => ({ ...row, state: row.state as JsonValue }))
}

/** A scope's events after a point, in order: what a restart folds on top of the stored state. */
export async function listRiskEvents(
  db: Queryable,
  scope: string,
  afterSeq: number,
  limit = 10_000,
): Promise<RiskEvent[]> {
  const rows = await db
    .selectFrom('riskEvents')
    .selectAll()
    .where('scope', '=', scope)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, payload: row.payload as JsonValue }))
}

/** Overrides of the default limits; null where nothing was set. */
export async function findGlobalLimits(db: Queryable): Promise<StrategyConfig | null> {
  const row = await db.selectFrom('globalLimits').select('limits').executeTakeFirst()
  return row === undefined ? null : (row.limits as StrategyConfig)
}

export async function listStrategyLimits(db: Queryable): Promise<Map<string, StrategyConfig>> {
  const rows = await db.selectFrom('strategyLimits').select(['strategyId', 'limits']).execute()
  return new Map(rows.map(({ strategyId, limits }) => [strategyId, limits as StrategyConfig]))
}

interface LimitsChange {
  limits: StrategyConfig
  updatedAt: Date
  updatedBy: string
}

/** Overrides as they were set, with who and when; null where nothing was set. */
export interface StoredLimits {
  limits: StrategyConfig
  updatedAt: Date
  updatedBy: string | null
}

export async function findStoredLimits(
  db: Queryable,
  strategyId: string | null,
): Promise<StoredLimits | null> {
  const columns = ['limits', 'updatedAt', 'updatedBy'] as const
  const row =
    strategyId === null
      ? await db.selectFrom('globalLimits').select(columns).executeTakeFirst()
      : await db
          .selectFrom('strategyLimits')
          .select(columns)
          .where('strategyId', '=', strategyId)
          .executeTakeFirst()
  return row === undefined ? null : { ...row, limits: row.limits as StrategyConfig }
}

export async function upsertGlobalLimits(db: Queryable, change: LimitsChange): Promise<void> {
  const values = { ...change, limits: json(change.limits) }
  await db
    .insertInto('globalLimits')
    .values({ id: 1, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute()
}

export async function upsertStrategyLimits(
  db: Queryable,
  strategyId: string,
  change: LimitsChange,
): Promise<void> {
  const values = { ...change, limits: json(change.limits) }
  await db
    .insertInto('strategyLimits')
    .values({ strategyId, ...values })
    .onConflict((conflict) => conflict.column('strategyId').doUpdateSet(values))
    .execute()
}
