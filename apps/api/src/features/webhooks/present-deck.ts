import type { deck, OutputOf } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'

import type { Webhook } from './operations.ts'
import type { WebhookAttempt, WebhookDelivery } from './operations-deliveries.ts'

type WebhookBody = OutputOf<typeof deck.webhooks.get>['data']
type DeliveryBody = OutputOf<typeof deck.webhooks.listDeliveries>['data'][number]
type Detail = OutputOf<typeof deck.webhooks.getDelivery>['data']

export function presentWebhook(webhook: Webhook): WebhookBody {
  return {
    webhook_id: webhook.webhookId,
    name: webhook.name,
    format: webhook.format,
    url_hint: webhook.urlHint,
    chat_id: webhook.chatId,
    min_severity: webhook.minSeverity,
    kinds: webhook.kinds,
    events: webhook.events,
    enabled: webhook.isEnabled,
    disabled_reason: webhook.disabledReason,
    secret_rotated_until: webhook.previousSecretUntil && formatInstant(webhook.previousSecretUntil),
    created_at: formatInstant(webhook.createdAt),
    created_by: webhook.createdBy,
    updated_at: formatInstant(webhook.updatedAt),
  }
}

export function presentDelivery(delivery: WebhookDelivery): DeliveryBody {
  const isPending = delivery.status === 'PENDING'
  return {
    delivery_id: delivery.deliveryId,
    webhook_id: delivery.webhookId,
    alert_id: delivery.alertId,
    event: delivery.event,
    occurrence: delivery.occurrence,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: isPending ? formatInstant(delivery.nextAttemptAt) : null,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    created_at: formatInstant(delivery.createdAt),
    finished_at: delivery.finishedAt && formatInstant(delivery.finishedAt),
  }
}

export function presentDeliveryDetail(delivery: WebhookDelivery, tries: readonly WebhookAttempt[]): Detail {
  return {
    ...presentDelivery(delivery),
    payload: delivery.payload as Detail['payload'],
    tries: tries.map(({ attempt, at, durationMs, status, error }) => ({
      attempt,
      at: formatInstant(at),
      duration_ms: durationMs,
      status,
      error,
    })),
  }
}
