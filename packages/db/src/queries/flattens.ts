import type { TradingMode } from '@quantdeck/domain'
import type { Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { FlattensTable } from '../schema/flattens.ts'
import type { KillSwitchScope } from './kill-switches.ts'
import { isUuid } from './values.ts'

/** A position that a flatten set out to close. */
export interface FlattenedPosition {
  positionId: string
  strategyId: string
  symbol: string
  /** Units held when it was asked for, negative for a short. */
  quantity: string
  /** Null: none could be made, `reason` says why. */
  orderId: string | null
  reason: string | null
}

/** One account's part of a flatten. */
export interface FlattenPart {
  flattenId: string
  mode: TradingMode
  scope: KillSwitchScope
  reason: string
  startedBy: string
  startedAt: Date
  positions: FlattenedPosition[]
}

function toPart(row: Selectable<FlattensTable>): FlattenPart {
  return {
    ...row,
    scope: row.scope as KillSwitchScope,
    positions: row.positions as FlattenedPosition[],
  }
}

/** The part of an account; of one that was stored before, only its positions change. */
export async function upsertFlattenPart(db: Queryable, part: FlattenPart): Promise<void> {
  const positions = JSON.stringify(part.positions)
  await db
    .insertInto('flattens')
    .values({ ...part, positions })
    .onConflict((conflict) => conflict.columns(['flattenId', 'mode']).doUpdateSet({ positions }))
    .execute()
}

/** Its parts by account; none for an id that nobody knows. */
export async function findFlatten(db: Queryable, flattenId: string): Promise<FlattenPart[]> {
  if (!isUuid(flattenId)) return []
  const found = await db
    .selectFrom('flattens')
    .selectAll()
    .where('flattenId', '=', flattenId)
    .orderBy('mode')
    .execute()
  return found.map(toPart)
}

/** The flatten of a scope that was asked for last. */
export async function findLatestFlatten(db: Queryable, scope: KillSwitchScope): Promise<FlattenPart[]> {
  const latest = await db
    .selectFrom('flattens')
    .select('flattenId')
    .where('scope', '=', scope)
    .orderBy('startedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return latest === undefined ? [] : findFlatten(db, latest.flattenId)
}
