import {
  alertKindOf,
  MINUTE_MS,
  type Alert,
  type AlertKind,
  type AlertSeverity,
  type JsonValue,
} from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { AlertsTable } from '../schema/alerts.ts'
import { listAlertRules, ruleFor, type AlertRule } from './alert-rules.ts'
import { RowBatch } from './batch.ts'
import { type Page, readPage } from './page.ts'
import { given, isAnyOf, isUuid, type InstantRange, type VisibleStrategies, visibleOnly } from './values.ts'

/** `dedupeKey`: a second alert with the same key is not written, ever; put the day or the event's id into it. */
export type NewAlert = Omit<Alert, 'seq'> & { dedupeKey: string | null }

/** An alert with what became of it since. */
export interface AlertRecord extends Alert {
  kind: AlertKind
  /** Null until the webhooks that want it have their deliveries. */
  dispatchedAt: Date | null
  repeatCount: number
  lastRepeatedAt: Date | null
  escalatedAt: Date | null
  /** Null while what it tells of lasts. */
  resolvedAt: Date | null
}

/** Alerts of no strategy are seen by everybody. `from` and `to` are of `createdAt`. */
export interface AlertFilter extends InstantRange {
  visible: VisibleStrategies
  severity?: AlertSeverity
  acknowledged?: boolean
  strategyId?: string
  /** Any of these. */
  codes?: readonly string[]
}

export interface Acknowledgement {
  acknowledgedAt: Date
  acknowledgedBy: string
}

type AlertRow = Selectable<AlertsTable>

export function toAlert(row: AlertRow): AlertRecord {
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
    kind: row.kind,
    dispatchedAt: row.dispatchedAt,
    repeatCount: row.repeatCount,
    lastRepeatedAt: row.lastRepeatedAt,
    escalatedAt: row.escalatedAt,
    resolvedAt: row.resolvedAt,
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
  'kind',
  'subject',
])

type RuledAlert = NewAlert & { kind: AlertKind; subject: string; rule: AlertRule | null }

/**
 * Every alert comes through here, whoever raises it, so this is where its rule speaks: not raised at all, not below
 * the threshold, with another severity, or as one with an earlier alert about the same.
 * @returns the alerts that were written: neither those nor a second one with the same `dedupeKey`
 */
export async function insertAlerts(db: Queryable, alerts: readonly NewAlert[]): Promise<AlertRecord[]> {
  if (alerts.length === 0) return []
  const rules = await listAlertRules(db)
  const raised = alerts
    .map((alert) => ruled(alert, rules))
    .filter(({ rule, ...alert }) => isWanted(alert, rule))
  const news = await withoutRecent(db, raised)
  const rows = await batch.insert<AlertRow>(
    db,
    news,
    sql`on conflict (dedupe_key) where dedupe_key is not null do nothing returning *`,
  )
  return rows.map(toAlert)
}

function ruled(alert: NewAlert, rules: readonly AlertRule[]): RuledAlert {
  const kind = alertKindOf(alert.code)
  const rule = ruleFor(rules, { kind, strategyId: alert.strategyId })
  return { ...alert, kind, rule, subject: subjectOf(alert), severity: rule?.severity ?? alert.severity }
}

/** What tells two alerts of the same code apart. */
const SUBJECT_FIELDS = ['scope', 'symbol', 'webhook_id', 'user_id', 'account', 'order_id'] as const

function subjectOf({ code, strategyId, context }: NewAlert): string {
  const about = SUBJECT_FIELDS.map((field) => context[field]).filter((value) => typeof value === 'string')
  return [code, strategyId ?? '', ...about].join('|').slice(0, 300)
}

function isWanted(alert: NewAlert, rule: AlertRule | null): boolean {
  if (rule === null) return true
  const observed = observedOf(alert)
  return (
    rule.isEnabled && (rule.threshold === null || observed === null || observed >= rule.threshold.toNumber())
  )
}

/** What a rule's threshold is compared with, in the unit of its kind; null where the alert carries no such number. */
function observedOf({ code, context }: NewAlert): number | null {
  const number = (field: string) => (field in context ? Number(context[field]) : Number.NaN)
  const value = {
    drawdown_warning: -number('current_drawdown'),
    daily_loss: -number('daily_pnl'),
    feed_stale: number('age_seconds') / 60,
    login_anomaly: number('failures'),
  }[alertKindOf(code) as string]
  return value === undefined || Number.isNaN(value) ? null : value
}

/** Without those that the time of their rule makes one with an alert before them. */
async function withoutRecent(db: Queryable, alerts: readonly RuledAlert[]): Promise<RuledAlert[]> {
  const subjects = alerts
    .filter(({ rule }) => rule !== null && rule.dedupeMinutes !== null)
    .map(({ subject }) => subject)
  if (subjects.length === 0) return [...alerts]
  const rows = await db
    .selectFrom('alerts')
    .select(['subject', ({ fn }) => fn.max('createdAt').as('at')])
    .where(isAnyOf('subject', subjects))
    .groupBy('subject')
    .execute()
  const lastAt = new Map(rows.map(({ subject, at }) => [subject, at.getTime()]))
  return alerts.filter(({ subject, rule, createdAt }) => {
    const before = lastAt.get(subject)
    const windowMs = (rule?.dedupeMinutes ?? 0) * MINUTE_MS
    const isRepeated = before !== undefined && windowMs > 0 && createdAt.getTime() - before < windowMs
    if (!isRepeated) lastAt.set(subject, createdAt.getTime())
    return !isRepeated
  })
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
): Promise<{ alerts: AlertRecord[]; totalCount: number; unacknowledgedCount: number }> {
  const query = inSight(db, filter.visible).where((eb) =>
    eb.and([
      ...given(filter.severity, (severity) => eb('severity', '=', severity)),
      ...given(filter.acknowledged, (acknowledged) => eb('acknowledged', '=', acknowledged)),
      ...given(filter.strategyId, (id) => eb('strategyId', '=', id)),
      ...given(filter.codes, (codes) => isAnyOf('code', codes)),
      ...given(filter.from, (at) => eb('createdAt', '>=', at)),
      ...given(filter.to, (at) => eb('createdAt', '<=', at)),
    ]),
  )
  const { rows, totalCount } = await readPage(query, (q) => q.selectAll(), 'createdAt', page)
  const unacknowledgedCount = await countUnacknowledgedAlerts(db, filter.visible)
  return { alerts: rows.map(toAlert), totalCount, unacknowledgedCount }
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
): Promise<AlertRecord | null> {
  if (!isUuid(alertId)) return null
  const row = await inSight(db, visible).selectAll().where('alertId', '=', alertId).executeTakeFirst()
  return row === undefined ? null : toAlert(row)
}

/** @returns the alert as acknowledged now, or null if it is unknown or was acknowledged before */
export async function acknowledgeAlert(
  db: Queryable,
  alertId: string,
  acknowledgement: Acknowledgement,
): Promise<AlertRecord | null> {
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
