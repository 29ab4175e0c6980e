import * as rows from '@quantdeck/db'
import { transaction, type AlertRule, type Trx } from '@quantdeck/db'
import { AppError, notFound, type AlertKind, type AlertSeverity, type Decimal } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import { requireRole, requireScope, type Actor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { requireStrategy } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'

export type { AlertRule }

/** What a threshold counts; kinds that are not here have none. */
export const THRESHOLD_UNITS: Partial<Record<AlertKind, string>> = {
  drawdown_warning: 'percent',
  daily_loss: 'percent',
  feed_stale: 'minutes',
  login_anomaly: 'failures',
}

/** Somebody must hear of these, each time and as they are. */
const FIXED: readonly AlertKind[] = ['kill_switch', 'refresh_reuse']

export interface RuleSettings {
  isEnabled?: boolean
  severity?: AlertSeverity | null
  threshold?: Decimal | null
  dedupeMinutes?: number | null
  repeatMinutes?: number | null
  escalateMinutes?: number | null
  escalateWebhookId?: string | null
}

export interface NewRule extends RuleSettings {
  kind: AlertKind
  strategyId: string | null
}

/** By kind, the general rule before those of strategies. */
export async function listAlertRules(deps: Deps, actor: Actor): Promise<AlertRule[]> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  return rows.listAlertRules(deps.db.kysely)
}

/**
 * @param idempotencyId of the request, if it has one: the rule that an earlier try of it made is the answer
 * @throws AppError NOT_FOUND for an unknown strategy, VALIDATION_ERROR, CONFLICT if there is one for this already
 */
export async function createAlertRule(
  deps: Deps,
  actor: Actor,
  input: NewRule,
  idempotencyId: string | null = null,
): Promise<AlertRule> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  const { kind, strategyId, ...settings } = input
  if (strategyId !== null) await requireStrategy(deps, actor, strategyId)
  const at = deps.clock.now()
  const ruleId = idempotencyId ?? randomUUID()
  const blank = { ...BLANK, ruleId, kind, strategyId, createdAt: at, updatedAt: at, updatedBy: actor.label }
  return transaction(deps.db, async (trx) => {
    const rule = await changed(trx, blank, settings)
    if (await rows.insertAlertRule(trx, rule)) {
      await audit(trx, actor, { action: 'alert_rule.create', at, before: null, after: rule })
      return rule
    }
    const earlier = await rows.lockAlertRule(trx, ruleId)
    if (earlier !== null) return earlier
    throw new AppError('CONFLICT', 'There is a rule for this kind of alert and strategy already', {
      details: [{ field: 'kind', message: 'Change the existing rule instead' }],
    })
  })
}

/** @throws AppError NOT_FOUND, VALIDATION_ERROR */
export async function updateAlertRule(
  deps: Deps,
  actor: Actor,
  ruleId: string,
  settings: RuleSettings,
): Promise<AlertRule> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  const at = deps.clock.now()
  return transaction(deps.db, async (trx) => {
    const before = await lock(trx, ruleId)
    const after = { ...(await changed(trx, before, settings)), updatedAt: at, updatedBy: actor.label }
    await rows.updateAlertRule(trx, after)
    await audit(trx, actor, { action: 'alert_rule.update', at, before, after })
    return after
  })
}

/** @throws AppError NOT_FOUND */
export async function deleteAlertRule(deps: Deps, actor: Actor, ruleId: string): Promise<string> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  const at = deps.clock.now()
  return transaction(deps.db, async (trx) => {
    const before = await lock(trx, ruleId)
    await rows.deleteAlertRule(trx, ruleId)
    await audit(trx, actor, { action: 'alert_rule.delete', at, before, after: null })
    return before.ruleId
  })
}

const BLANK = {
  isEnabled: true,
  severity: null,
  threshold: null,
  dedupeMinutes: null,
  repeatMinutes: null,
  escalateMinutes: null,
  escalateWebhookId: null,
}

async function lock(trx: Trx, ruleId: string): Promise<AlertRule> {
  const rule = await rows.lockAlertRule(trx, ruleId)
  if (rule === null) throw notFound('Alert rule')
  return rule
}

/** What was not given stays as it was. */
async function changed(trx: Trx, before: AlertRule, settings: RuleSettings): Promise<AlertRule> {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  const after: AlertRule = { ...before, ...given }
  assertAllowed(after)
  const { escalateWebhookId } = settings
  if (typeof escalateWebhookId === 'string' && (await rows.findWebhook(trx, escalateWebhookId)) === null) {
    throw invalid('escalate_webhook_id', 'There is no such webhook')
  }
  return after
}

function assertAllowed({ kind, isEnabled, severity, dedupeMinutes, threshold }: AlertRule): void {
  if (threshold !== null && THRESHOLD_UNITS[kind] === undefined) {
    throw invalid('threshold', `Alerts of ${kind} have no threshold`)
  }
  if (!FIXED.includes(kind)) return
  const field = !isEnabled
    ? 'enabled'
    : severity !== null
      ? 'severity'
      : dedupeMinutes !== null
        ? 'dedupe_minutes'
        : null
  if (field !== null) throw invalid(field, `Alerts of ${kind} are always raised, each one, and CRITICAL`)
}

function invalid(field: string, message: string): AppError {
  return new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details: [{ field, message }] })
}

interface RuleChange {
  action: string
  at: Date
  before: AlertRule | null
  after: AlertRule | null
}

async function audit(trx: Trx, actor: Actor, { action, at, before, after }: RuleChange): Promise<void> {
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, at),
      action,
      entity: 'alert_rule',
      entityId: (after ?? before)?.ruleId ?? null,
      before: facts(before),
      after: facts(after),
      reason: null,
    },
  ])
}

function facts(rule: AlertRule | null): rows.NewAuditEntry['after'] {
  if (rule === null) return null
  return {
    kind: rule.kind,
    strategy_id: rule.strategyId,
    enabled: rule.isEnabled,
    severity: rule.severity,
    threshold: rule.threshold?.toFixed() ?? null,
    dedupe_minutes: rule.dedupeMinutes,
    repeat_minutes: rule.repeatMinutes,
    escalate_minutes: rule.escalateMinutes,
    escalate_webhook_id: rule.escalateWebhookId,
  }
}
