import { toDecimal, type AlertKind, type AlertSeverity, type Decimal } from '@quantdeck/domain'
import type { Selectable } from 'kysely'
import type { Queryable, Trx } from '../client.ts'
import type { AlertRulesTable } from '../schema/alert-rules.ts'
import { isUuid, textOrNull } from './values.ts'

/** What becomes of alerts of a kind, of one strategy or (`strategyId` null) of all others. */
export interface AlertRule {
  ruleId: string
  kind: AlertKind
  strategyId: string | null
  /** False: alerts of this kind are not raised. */
  isEnabled: boolean
  /** Instead of the alert's own. */
  severity: AlertSeverity | null
  /** In the kind's own unit: percent, minutes, failures. */
  threshold: Decimal | null
  dedupeMinutes: number | null
  repeatMinutes: number | null
  escalateMinutes: number | null
  /** Null: everybody who gets alerts. */
  escalateWebhookId: string | null
  createdAt: Date
  updatedAt: Date
  updatedBy: string
}

function toAlertRule({ seq: _seq, ...row }: Selectable<AlertRulesTable>): AlertRule {
  return { ...row, threshold: row.threshold === null ? null : toDecimal(row.threshold) }
}

/** By kind, the general rule of each before those of strategies. */
export async function listAlertRules(db: Queryable): Promise<AlertRule[]> {
  const rows = await db
    .selectFrom('alertRules')
    .selectAll()
    .orderBy('kind')
    .orderBy('strategyId', (order) => order.asc().nullsFirst())
    .execute()
  return rows.map(toAlertRule)
}

export async function lockAlertRule(trx: Trx, ruleId: string): Promise<AlertRule | null> {
  if (!isUuid(ruleId)) return null
  const row = await trx
    .selectFrom('alertRules')
    .selectAll()
    .where('ruleId', '=', ruleId)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : toAlertRule(row)
}

/** @returns false if this kind has a rule for this strategy (or for all) already */
export async function insertAlertRule(db: Queryable, rule: AlertRule): Promise<boolean> {
  const row = await db
    .insertInto('alertRules')
    .values({ ...rule, threshold: textOrNull(rule.threshold) })
    .onConflict((conflict) => conflict.columns(['kind', 'strategyId']).doNothing())
    .returning('ruleId')
    .executeTakeFirst()
  return row !== undefined
}

export async function updateAlertRule(db: Queryable, rule: AlertRule): Promise<void> {
  const { ruleId, kind: _kind, strategyId: _strategyId, createdAt: _createdAt, ...changes } = rule
  await db
    .updateTable('alertRules')
    .set({ ...changes, threshold: textOrNull(rule.threshold) })
    .where('ruleId', '=', ruleId)
    .execute()
}

export async function deleteAlertRule(db: Queryable, ruleId: string): Promise<void> {
  await db.deleteFrom('alertRules').where('ruleId', '=', ruleId).execute()
}

/** The rule that speaks for an alert: its strategy's own before the general one. */
export function ruleFor(
  rules: readonly AlertRule[],
  { kind, strategyId }: { kind: AlertKind; strategyId: string | null },
): AlertRule | null {
  const ofKind = rules.filter((rule) => rule.kind === kind)
  const own = strategyId === null ? undefined : ofKind.find((rule) => rule.strategyId === strategyId)
  return own ?? ofKind.find((rule) => rule.strategyId === null) ?? null
}
