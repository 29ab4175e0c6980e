import * as z from 'zod'
import {
  alertKind,
  alertSeverity,
  id,
  idInput,
  instant,
  positiveDecimalInput,
  storedDecimal,
  strategyIdInput,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

const shape = {
  rule_id: id,
  kind: alertKind,
  strategy_id: id.nullable().describe('null: all strategies without a rule of their own for this kind'),
  enabled: z.boolean().describe('false: alerts of this kind are not raised'),
  severity: alertSeverity.nullable().describe("null: the alert's own"),
  threshold: storedDecimal
    .nullable()
    .describe('In `threshold_unit`; null: the limits of the risk engine decide'),
  threshold_unit: z
    .string()
    .nullable()
    .describe('percent, minutes or failures; null: this kind has no threshold'),
  dedupe_minutes: z.int().nullable().describe('A second alert about the same within this time is not raised'),
  repeat_minutes: z.int().nullable().describe('How often it is repeated while it lasts'),
  escalate_minutes: z.int().nullable().describe('Escalated when nobody acknowledged it for so long'),
  escalate_webhook_id: id.nullable().describe('Who is told then; null: every webhook that wants escalations'),
  created_at: instant,
  updated_at: instant,
  updated_by: z.string(),
}

/** What becomes of alerts of a kind. */
export const deckAlertRule = z.object(shape).meta({ id: 'DeckAlertRule' })

/** All rules. */
export const deckAlertRuleListResponse = z
  .object({ data: z.array(deckAlertRule), meta: z.object({ total_count: z.int().min(0) }) })
  .meta({ id: 'DeckAlertRuleListResponse' })

/** A created or changed rule. */
export const deckAlertRuleResponse = z
  .object({ message: z.string(), data: deckAlertRule })
  .meta({ id: 'DeckAlertRuleResponse' })

/** A deleted rule. */
export const deckAlertRuleDeleteResponse = z
  .object({ message: z.string(), data: z.object({ rule_id: id }) })
  .meta({ id: 'DeckAlertRuleDeleteResponse' })

const minutes = z.int().min(1).max(10_080)
const settings = {
  enabled: z.boolean().optional(),
  severity: alertSeverity.nullable().optional(),
  threshold: positiveDecimalInput
    .nullable()
    .optional()
    .describe(
      'Percent for drawdown_warning and daily_loss, minutes for feed_stale, failures for login_anomaly',
    ),
  dedupe_minutes: minutes.nullable().optional(),
  repeat_minutes: minutes.nullable().optional(),
  escalate_minutes: minutes.nullable().optional(),
  escalate_webhook_id: idInput.nullable().optional(),
}

const tags = ['Alert rules']
const fixed =
  'Alerts of kill_switch and refresh_reuse are always raised, each one, and CRITICAL: `enabled`, `severity` and `dedupe_minutes` of these cannot be changed.'

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/alert-rules',
    summary: 'List the rules for alerts',
    tags,
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'added-read',
    operationId: 'list_alert_rules',
  },
  z.object({}),
  deckAlertRuleListResponse,
)

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/alert-rules',
    summary: 'Create a rule for alerts',
    description: `For a kind, or for a kind of one strategy; 409 if there is one. ${fixed}`,
    tags,
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'write',
    status: 201,
    errors: [404, 409],
    idempotent: true,
    operationId: 'create_alert_rule',
  },
  z.strictObject({ kind: alertKind, strategy_id: strategyIdInput.nullable().optional(), ...settings }),
  deckAlertRuleResponse,
)

const update = endpoint(
  {
    method: 'PATCH',
    path: '/v1/alert-rules/{rule_id}',
    summary: 'Change a rule for alerts',
    description: fixed,
    tags,
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'update_alert_rule',
  },
  z.strictObject({ rule_id: idInput, ...settings }),
  deckAlertRuleResponse,
)

const remove = endpoint(
  {
    method: 'DELETE',
    path: '/v1/alert-rules/{rule_id}',
    summary: 'Delete a rule for alerts',
    description: 'Alerts of this kind are raised as they come then, and neither repeated nor escalated.',
    tags,
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'delete_alert_rule',
  },
  z.strictObject({ rule_id: idInput }),
  deckAlertRuleDeleteResponse,
)

/** What becomes of alerts. */
export const deckAlertRules = { list, create, update, remove }
