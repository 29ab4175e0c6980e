import type { Alert, AlertSeverity, JsonValue } from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { AlertsTable } from '../schema/alerts.ts'
import { RowBatch } from './batch.ts'
import { given, isUuid, type InstantRange, type Page, type VisibleStrategies, visibleOnly } from './values.ts'

/** `dedupeKey`: a second alert with the same key is not written, ever; put the day or the event's id into it. */
export type NewAlert = Omit<Alert, 'seq'> & { dedupeKey: string | null }

/** Alerts of no strategy are seen by everybody. `from` and `to` are of `createdAt`. */
export interface AlertFilter extends InstantRange {
  visible: VisibleStrategies
  severity?: AlertSeverity
  acknowledged?: boolean
  strategyId?: string
}

export interface Acknowledgement {
  acknowledgedAt: Date
  acknowledgedBy: string
}

type AlertRow = Selectable<AlertsTable>

function toAlert(row: AlertRow): Alert {
  return {
    alertId: row.alertId,
    seq: row.seq,
    severity: row.severity,
    code: row.code,
    message: row.message,
    context: row.context as Record<string, JsonValue>,
    strategyId: row.strategyId,
    acknowledged: row.acknowledged,
    acknowledgedAt: row.acknowledgedAt,
    acknowledgedBy: row.acknowledgedBy,
    createdAt: row.createdAt,
  }
}

const batch = new RowBatch('alerts', [
  'alertId',
  'severity',
  'code',
  'message',
  'context',
  'strategyId',
  'dedupeKey',
  'acknowledged',
  'acknowledgedAt',
  'acknowledgedBy',
  'createdAt',
])

/** @returns the alerts that were written: those without one of the same `dedupeKey` before them */
export async function insertAlerts(db: Queryable, alerts: readonly NewAlert[]): Promise<Alert[]> {
  const rows = await batch.insert<AlertRow>(
    db,
    alerts,
    sql`on conflict (dedupe_key) where dedupe_key is not null do nothing returning *`,
  )
  return rows.map(toAlert)
}

function inSight(db: Queryable, visible: VisibleStrategies) {
  return db
    .selectFrom('alerts')
    .where((eb) => eb.and(visibleOnly(visible).map((seen) => eb.or([eb('strategyId', 'is', null), seen]))))
}

/** Recent first. `totalCount` counts after the filters, `unacknowledgedCount` over all in sight. */
export async function listAlerts(
  db: Queryable,
  filter: AlertFilter,
  page: Page,
): Promise<{ alerts: Alert[]; totalCount: number; unacknowledgedCount: number }> {
  const query = inSight(db, filter.visible).where((eb) =>
    eb.and([
      ...given(filter.severity, (severity) => eb('severity', '=', severity)),
      ...given(filter.acknowledged, (acknowledged) => eb('acknowledged', '=', acknowledged)),
      ...given(filter.strategyId, (id) => eb('strategyId', '=', id)),
      ...given(filter.from, (at) => eb('createdAt', '>=', at)),
      ...given(filter.to, (at) => eb('createdAt', '<=', at)),
    ]),
  )
  const { count } = await query
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const unacknowledgedCount = await countUnacknowledgedAlerts(db, filter.visible)
  return { alerts: rows.map(toAlert), totalCount: count, unacknowledgedCount }
}

export async function countUnacknowledgedAlerts(db: Queryable, visible: VisibleStrategies): Promise<number> {
  const { count } = await inSight(db, visible)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('acknowledged', '=', false)
    .executeTakeFirstOrThrow()
  return count
}

export async function findAlert(
  db: Queryable,
  alertId: string,
  visible: VisibleStrategies,
): Promise<Alert | null> {
  if (!isUuid(alertId)) return null
  const row = await inSight(db, visible).selectAll().where('alertId', '=', alertId).executeTakeFirst()
  return row === undefined ? null : toAlert(row)
}

/** @returns the alert as acknowledged now, or null if it is unknown or was acknowledged before */
export async function acknowledgeAlert(
  db: Queryable,
  alertId: string,
  acknowledgement: Acknowledgement,
): Promise<Alert | null> {
  const row = await db
    .updateTable('alerts')
    .set({ acknowledged: true, ...acknowledgement })
    .where('alertId', '=', alertId)
    .where('acknowledged', '=', false)
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? null : toAlert(row)
}

/** Acknowledges all open ones in sight, up to a moment, so that one that arrives meanwhile stays open. */
export async function acknowledgeAlerts(
  db: Queryable,
  filter: { visible: VisibleStrategies; severity?: AlertSeverity; until: Date },
  acknowledgement: Acknowledgement,
): Promise<string[]> {
  const rows = await db
    .updateTable('alerts')
    .set({ acknowledged: true, ...acknowledgement })
    .where('acknowledged', '=', false)
    .where('createdAt', '<=', filter.until)
    .where((eb) =>
      eb.and([
        ...visibleOnly(filter.visible).map((seen) => eb.or([eb('strategyId', 'is', null), seen])),
        ...given(filter.severity, (severity) => eb('severity', '=', severity)),
      ]),
    )
    .returning('alertId')
    .execute()
  return rows.map(({ alertId }) => alertId)
}
