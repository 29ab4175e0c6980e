import {
  toDecimal,
  type JsonValue,
  type Mode,
  type Strategy,
  type StrategyConfig,
  type StrategyStatus,
} from '@quantdeck/domain'
import type { Selectable } from 'kysely'
import type { Queryable, Trx } from '../client.ts'
import type { StrategiesTable } from '../schema/strategies.ts'
import { given, json, jsonOrNull, type VisibleStrategies, visibleOnly } from './values.ts'

export interface StrategyFilter {
  visible: VisibleStrategies
  status?: StrategyStatus
  mode?: Mode
}

/** One configuration change; `before` is null for the creation. */
export interface StrategyHistoryEntry {
  strategyId: string
  version: number
  before: JsonValue
  after: JsonValue
  reason: string | null
  changedBy: string
  changedAt: Date
}

function toStrategy(row: Selectable<StrategiesTable>): Strategy {
  const { seq: _, ...strategy } = row
  return {
    ...strategy,
    allocatedCapital: toDecimal(row.allocatedCapital),
    config: row.config as StrategyConfig,
  }
}

function toRow(strategy: Strategy) {
  return {
    ...strategy,
    allocatedCapital: strategy.allocatedCapital.toFixed(),
    config: json(strategy.config),
  }
}

/** In the order of their creation. */
export async function listStrategies(db: Queryable, filter: StrategyFilter): Promise<Strategy[]> {
  const rows = await db
    .selectFrom('strategies')
    .selectAll()
    .where((eb) =>
      eb.and([
        ...visibleOnly(filter.visible),
        ...given(filter.status, (status) => eb('status', '=', status)),
        ...given(filter.mode, (mode) => eb('mode', '=', mode)),
      ]),
    )
    .orderBy('seq')
    .execute()
  return rows.map(toStrategy)
}

export async function findStrategy(db: Queryable, strategyId: string): Promise<Strategy | null> {
  const row = await db
    .selectFrom('strategies')
    .selectAll()
    .where('strategyId', '=', strategyId)
    .executeTakeFirst()
  return row === undefined ? null : toStrategy(row)
}

/** Locked against other changes of its configuration until the transaction ends. */
export async function lockStrategy(trx: Trx, strategyId: string): Promise<Strategy | null> {
  const row = await trx
    .selectFrom('strategies')
    .selectAll()
    .where('strategyId', '=', strategyId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row === undefined ? null : toStrategy(row)
}

/** @returns false if the id is taken */
export async function insertStrategy(db: Queryable, strategy: Strategy): Promise<boolean> {
  const inserted = await db
    .insertInto('strategies')
    .values(toRow(strategy))
    .onConflict((conflict) => conflict.column('strategyId').doNothing())
    .returning('strategyId')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Writes everything but the id. @returns false if the stored version is another than `expectedVersion` */
export async function updateStrategy(
  db: Queryable,
  strategy: Strategy,
  expectedVersion: number,
): Promise<boolean> {
  const { strategyId, createdAt: _, ...values } = toRow(strategy)
  const updated = await db
    .updateTable('strategies')
    .set(values)
    .where('strategyId', '=', strategyId)
    .where('version', '=', expectedVersion)
    .returning('strategyId')
    .executeTakeFirst()
  return updated !== undefined
}

export async function appendStrategyHistory(db: Queryable, entry: StrategyHistoryEntry): Promise<void> {
  await db
    .insertInto('strategyHistory')
    .values({ ...entry, before: jsonOrNull(entry.before), after: json(entry.after) })
    .execute()
}

/** Recent first. */
export async function listStrategyHistory(
  db: Queryable,
  strategyId: string,
): Promise<StrategyHistoryEntry[]> {
  const rows = await db
    .selectFrom('strategyHistory')
    .selectAll()
    .where('strategyId', '=', strategyId)
    .orderBy('version', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, before: row.before as JsonValue, after: row.after as JsonValue }))
}

export async function findStrategyHistory(
  db: Queryable,
  strategyId: string,
  version: number,
): Promise<StrategyHistoryEntry | null> {
  const entries = await listStrategyHistory(db, strategyId)
  return entries.find((entry) => entry.version === version) ?? null
}

/** What a user owns or was shared. */
export async function listStrategyIdsOf(db: Queryable, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('strategies')
    .select('strategyId')
    .where((eb) =>
      eb.or([
        eb('ownerId', '=', userId),
        eb(
          'strategyId',
          'in',
          eb.selectFrom('strategyShares').select('strategyId').where('userId', '=', userId),
        ),
      ]),
    )
    .orderBy('seq')
    .execute()
  return rows.map(({ strategyId }) => strategyId)
}

export async function listPublicStrategyIds(db: Queryable): Promise<string[]> {
  const rows = await db
    .selectFrom('strategies')
    .select('strategyId')
    .where('isPublic', '=', true)
    .orderBy('seq')
    .execute()
  return rows.map(({ strategyId }) => strategyId)
}

/** @returns false if it was shared already */
export async function shareStrategy(db: Queryable, strategyId: string, userId: string): Promise<boolean> {
  const row = await db
    .insertInto('strategyShares')
    .values({ strategyId, userId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('userId')
    .executeTakeFirst()
  return row !== undefined
}

/** @returns false if it was not shared */
export async function unshareStrategy(db: Queryable, strategyId: string, userId: string): Promise<boolean> {
  const row = await db
    .deleteFrom('strategyShares')
    .where('strategyId', '=', strategyId)
    .where('userId', '=', userId)
    .returning('userId')
    .executeTakeFirst()
  return row !== undefined
}

/** The users a strategy is shared with. */
export async function listStrategyShares(db: Queryable, strategyId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('strategyShares')
    .select('userId')
    .where('strategyId', '=', strategyId)
    .execute()
  return rows.map(({ userId }) => userId)
}
