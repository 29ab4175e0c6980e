import { deck, type OutputOf } from '@quantdeck/contracts'
import { formatInstant, toDecimal, type AlertSeverity } from '@quantdeck/domain'

import { implement, type Implements } from '../../trpc/implement.ts'
import {
  createAlertRule,
  deleteAlertRule,
  listAlertRules,
  THRESHOLD_UNITS,
  updateAlertRule,
  type AlertRule,
  type RuleSettings,
} from './operations.ts'

interface SettingsInput {
  enabled?: boolean
  severity?: AlertSeverity | null
  threshold?: string | null
  dedupe_minutes?: number | null
  repeat_minutes?: number | null
  escalate_minutes?: number | null
  escalate_webhook_id?: string | null
}

function settingsOf(input: SettingsInput): RuleSettings {
  return {
    isEnabled: input.enabled,
    severity: input.severity,
    threshold: typeof input.threshold === 'string' ? toDecimal(input.threshold) : input.threshold,
    dedupeMinutes: input.dedupe_minutes,
    repeatMinutes: input.repeat_minutes,
    escalateMinutes: input.escalate_minutes,
    escalateWebhookId: input.escalate_webhook_id,
  }
}

function presentRule(rule: AlertRule): OutputOf<typeof deck.alertRules.list>['data'][number] {
  return {
    rule_id: rule.ruleId,
    kind: rule.kind,
    strategy_id: rule.strategyId,
    enabled: rule.isEnabled,
    severity: rule.severity,
    threshold: rule.threshold?.toFixed() ?? null,
    threshold_unit: THRESHOLD_UNITS[rule.kind] ?? null,
    dedupe_minutes: rule.dedupeMinutes,
    repeat_minutes: rule.repeatMinutes,
    escalate_minutes: rule.escalateMinutes,
    escalate_webhook_id: rule.escalateWebhookId,
    created_at: formatInstant(rule.createdAt),
    updated_at: formatInstant(rule.updatedAt),
    updated_by: rule.updatedBy,
  }
}

export const alertRulesDeck = {
  list: implement(deck.alertRules.list, async ({ deps, actor }) => {
    const rules = await listAlertRules(deps, actor)
    return { data: rules.map(presentRule), meta: { total_count: rules.length } }
  }),
  create: implement(deck.alertRules.create, async ({ deps, actor, input, idempotencyId }) => {
    const { kind, strategy_id = null } = input
    const rule = { kind, strategyId: strategy_id, ...settingsOf(input) }
    return {
      message: 'Alert rule created',
      data: presentRule(await createAlertRule(deps, actor, rule, idempotencyId)),
    }
  }),
  update: implement(deck.alertRules.update, async ({ deps, actor, input }) => ({
    message: 'Alert rule updated',
    data: presentRule(await updateAlertRule(deps, actor, input.rule_id, settingsOf(input))),
  })),
  remove: implement(deck.alertRules.remove, async ({ deps, actor, input }) => ({
    message: 'Alert rule deleted',
    data: { rule_id: await deleteAlertRule(deps, actor, input.rule_id) },
  })),
} satisfies Implements<typeof deck.alertRules>
