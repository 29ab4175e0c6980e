import type { AlertRecord, NewWebhookDelivery, Webhook, WebhookEvent } from '@quantdeck/db'
import { ALERT_SEVERITIES, formatInstant, type JsonValue } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

/** Something that happened to an alert; `occurrence` counts the repetitions and is 0 for what happens once. */
export interface AlertEvent {
  type: WebhookEvent
  alert: AlertRecord
  occurrence: number
  at: Date
}

/** What the receivers that want it are told, each with a message of its own. */
export function deliveriesOf(event: AlertEvent, webhooks: readonly Webhook[]): NewWebhookDelivery[] {
  const payload = messageOf(event)
  return webhooks
    .filter((webhook) => wants(webhook, event))
    .map(({ webhookId }) => ({
      deliveryId: randomUUID(),
      webhookId,
      alertId: event.alert.alertId,
      event: event.type,
      occurrence: event.occurrence,
      payload,
      createdAt: event.at,
    }))
}

/** Not what was raised before it was there, and not that it does not answer. */
function wants(webhook: Webhook, { type, alert }: AlertEvent): boolean {
  return (
    webhook.isEnabled &&
    webhook.events.includes(type) &&
    ALERT_SEVERITIES.indexOf(alert.severity) >= ALERT_SEVERITIES.indexOf(webhook.minSeverity) &&
    (webhook.kinds === null || webhook.kinds.includes(alert.kind)) &&
    alert.createdAt >= webhook.createdAt &&
    alert.context['webhook_id'] !== webhook.webhookId
  )
}

function messageOf({ type, alert, occurrence, at }: AlertEvent): JsonValue {
  return {
    type,
    timestamp: formatInstant(at),
    data: {
      alert_id: alert.alertId,
      severity: alert.severity,
      kind: alert.kind,
      code: alert.code,
      message: alert.message,
      context: alert.context,
      strategy_id: alert.strategyId,
      created_at: formatInstant(alert.createdAt),
      occurrence,
      acknowledged: alert.acknowledged,
      acknowledged_at: alert.acknowledgedAt && formatInstant(alert.acknowledgedAt),
      acknowledged_by: alert.acknowledgedBy,
    },
  }
}
