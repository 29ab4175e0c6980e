import * as z from 'zod'
import {
  alertKind,
  alertSeverity,
  dateRange,
  id,
  idInput,
  instant,
  jsonObject,
  pagination,
  strategyIdInput,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** An alert. */
export const v1Alert = z
  .object({
    alert_id: id,
    severity: alertSeverity,
    message: z.string(),
    context: jsonObject.describe('Facts behind it, as stored; drawdowns and thresholds are negative percent'),
    acknowledged: z.boolean(),
    created_at: instant,
    code: z.string().describe('Stable code of the kind of alert'),
    acknowledged_at: instant.nullable(),
    acknowledged_by: z.string().nullable(),
    kind: alertKind.describe('The rule that speaks for it'),
    strategy_id: id.nullable().describe('null: of the house'),
    repeat_count: z.int().min(0).describe('How often it was repeated while it lasted'),
    last_repeated_at: instant.nullable(),
    escalated_at: instant.nullable().describe('When nobody had acknowledged it in time'),
    resolved_at: instant.nullable().describe('When what it tells of was over; null: it lasts'),
  })
  .meta({
    id: 'V1Alert',
    'x-added-fields': [
      'code',
      'acknowledged_at',
      'acknowledged_by',
      'kind',
      'strategy_id',
      'repeat_count',
      'last_repeated_at',
      'escalated_at',
      'resolved_at',
    ],
  })

/** A page of alerts. */
export const v1AlertListResponse = z
  .object({
    data: z.array(v1Alert),
    meta: z
      .object({
        total_count: z.int().min(0).describe('Alerts that match the filters'),
        unacknowledged_count: z.int().min(0).describe('Among all in sight'),
        page: z.int().min(1),
        per_page: z.int().min(1),
      })
      .meta({ 'x-added-fields': ['page', 'per_page'] }),
  })
  .meta({ id: 'V1AlertListResponse' })

/** An acknowledged alert. */
export const v1AlertAcknowledgeResponse = z
  .object({
    message: z.string(),
    data: z.object({ alert_id: id, acknowledged: z.boolean(), acknowledged_at: instant }),
  })
  .meta({ id: 'V1AlertAcknowledgeResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/alerts',
    summary: 'List alerts, recent first',
    tags: ['Alerts'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    operationId: 'list_alerts',
  },
  z
    .object({
      severity: alertSeverity.optional(),
      acknowledged: z.boolean().optional(),
      strategy_id: strategyIdInput.optional(),
      ...dateRange,
      ...pagination,
    })
    .meta({ 'x-added-fields': ['strategy_id'] }),
  v1AlertListResponse,
)

const acknowledge = endpoint(
  {
    method: 'PATCH',
    path: '/v1/alerts/{alert_id}/acknowledge',
    summary: 'Mark an alert as acknowledged',
    description: 'Repeating it changes nothing: the first `acknowledged_at` is kept. Needs no body.',
    tags: ['Alerts'],
    access: { role: 'trader', scope: 'admin' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'acknowledge_alert',
  },
  z.strictObject({ alert_id: idInput }),
  v1AlertAcknowledgeResponse,
)

/** Operations under /v1/alerts. */
export const v1Alerts = { list, acknowledge }
