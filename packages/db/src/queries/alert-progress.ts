import type { AlertKind } from '@quantdeck/domain'
import { sql, type RawBuilder } from 'kysely'
import type { Queryable, Trx } from '../client.ts'
import { toAlert, type AlertRecord } from './alerts.ts'
import { isAnyOf } from './values.ts'

/** Alerts that no webhook was told of yet, oldest first; another process that tells of some now keeps those. */
export async function lockUndispatchedAlerts(trx: Trx, limit: number): Promise<AlertRecord[]> {
  const rows = await trx
    .selectFrom('alerts')
    .selectAll()
    .where('dispatchedAt', 'is', null)
    .orderBy('seq')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(toAlert)
}

export async function markDispatched(trx: Trx, alertIds: readonly string[], at: Date): Promise<void> {
  await trx.updateTable('alerts').set({ dispatchedAt: at }).where(isAnyOfUuids(alertIds)).execute()
}

/** Told of, and what they tell of lasts: may have to be repeated, or are over. Those first that wait longest. */
export async function listLastingAlerts(db: Queryable, since: Date, limit: number): Promise<AlertRecord[]> {
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .where('resolvedAt', 'is', null)
    .where('dispatchedAt', 'is not', null)
    .where('createdAt', '>=', since)
    .orderBy(({ fn }) => fn.coalesce('lastRepeatedAt', 'createdAt'))
    .limit(limit)
    .execute()
  return rows.map(toAlert)
}

/** Told of, of these kinds, and nobody has acknowledged or escalated them yet. Oldest first. */
export async function listUnescalatedAlerts(
  db: Queryable,
  { since, kinds, limit }: { since: Date; kinds: readonly AlertKind[]; limit: number },
): Promise<AlertRecord[]> {
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .where('acknowledged', '=', false)
    .where('escalatedAt', 'is', null)
    .where('dispatchedAt', 'is not', null)
    .where(isAnyOf('kind', kinds))
    .where('createdAt', '>=', since)
    .orderBy('createdAt')
    .limit(limit)
    .execute()
  return rows.map(toAlert)
}

/** @returns false if another process repeated or ended it meanwhile */
export async function markRepeated(trx: Trx, alert: AlertRecord, at: Date): Promise<boolean> {
  const row = await trx
    .updateTable('alerts')
    .set({ repeatCount: alert.repeatCount + 1, lastRepeatedAt: at })
    .where('alertId', '=', alert.alertId)
    .where('repeatCount', '=', alert.repeatCount)
    .where('resolvedAt', 'is', null)
    .returning('alertId')
    .executeTakeFirst()
  return row !== undefined
}

/** @returns false if it was acknowledged or escalated meanwhile */
export async function markEscalated(trx: Trx, alertId: string, at: Date): Promise<boolean> {
  const row = await trx
    .updateTable('alerts')
    .set({ escalatedAt: at })
    .where('alertId', '=', alertId)
    .where('escalatedAt', 'is', null)
    .where('acknowledged', '=', false)
    .returning('alertId')
    .executeTakeFirst()
  return row !== undefined
}

export async function markResolved(db: Queryable, alertIds: readonly string[], at: Date): Promise<void> {
  await db
    .updateTable('alerts')
    .set({ resolvedAt: at })
    .where(isAnyOfUuids(alertIds))
    .where('resolvedAt', 'is', null)
    .execute()
}

function isAnyOfUuids(alertIds: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`alert_id = any(${[...alertIds]}::uuid[])`
}
