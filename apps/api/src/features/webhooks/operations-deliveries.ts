import * as rows from '@quantdeck/db'
import {
  transaction,
  type DeliveryStatus,
  type Trx,
  type Webhook,
  type WebhookAttempt,
  type WebhookDelivery,
} from '@quantdeck/db'
import { AppError, formatInstant, notFound } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import { requireRole, requireScope, type Actor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import type { Deps } from '../../deps.ts'
import { getWebhook } from './operations.ts'

export type { WebhookAttempt, WebhookDelivery }

export interface DeliveryQuery {
  status?: DeliveryStatus
  page: number
  perPage: number
}

/** Recent first. @throws AppError NOT_FOUND */
export async function listDeliveries(
  deps: Deps,
  actor: Actor,
  webhookId: string,
  { status, page, perPage }: DeliveryQuery,
): Promise<{ deliveries: WebhookDelivery[]; totalCount: number }> {
  const webhook = await getWebhook(deps, actor, webhookId)
  const filter = { webhookId: webhook.webhookId, status }
  const window = deps.pages.page(actor, 'deliveries', filter, { page, perPage })
  return rows.listDeliveries(deps.db.kysely, filter, window)
}

/** With every try. @throws AppError NOT_FOUND */
export async function getDelivery(
  deps: Deps,
  actor: Actor,
  webhookId: string,
  deliveryId: string,
): Promise<{ delivery: WebhookDelivery; tries: WebhookAttempt[] }> {
  await getWebhook(deps, actor, webhookId)
  const delivery = await find(deps, webhookId, deliveryId)
  return { delivery, tries: await rows.listAttempts(deps.db.kysely, deliveryId) }
}

/** @throws AppError NOT_FOUND, CONFLICT while it is disabled */
export async function testWebhook(deps: Deps, actor: Actor, webhookId: string): Promise<WebhookDelivery> {
  requireRole(actor, 'admin')
  requireScope(actor, 'admin')
  const webhook = await enabledWebhook(deps, actor, webhookId)
  const at = deps.clock.now()
  const deliveryId = randomUUID()
  await transaction(deps.db, async (trx) => {
    const message = testMessage(webhook, actor, at)
    const delivery = { deliveryId, webhookId, alertId: null, event: 'webhook.test', occurrence: 0 }
    await rows.insertDeliveries(trx, [{ ...delivery, payload: message, createdAt: at }])
    await audit(trx, actor, { action: 'webhook.test', at, webhookId, deliveryId })
  })
  deps.webhooks.worker.wake()
  return find(deps, webhookId, deliveryId)
}

/** @throws AppError NOT_FOUND, CONFLICT while it is on its way or the webhook is disabled */
export async function redeliver(
  deps: Deps,
  actor: Actor,
  webhookId: string,
  deliveryId: string,
): Promise<WebhookDelivery> {
  requireRole(actor, 'admin')
  requireScope(actor, 'admin')
  await enabledWebhook(deps, actor, webhookId)
  await find(deps, webhookId, deliveryId)
  const at = deps.clock.now()
  await transaction(deps.db, async (trx) => {
    if (!(await rows.redeliver(trx, deliveryId, at))) {
      throw new AppError('CONFLICT', 'This message is still on its way')
    }
    await audit(trx, actor, { action: 'webhook.redeliver', at, webhookId, deliveryId })
  })
  deps.webhooks.worker.wake()
  return find(deps, webhookId, deliveryId)
}

async function enabledWebhook(deps: Deps, actor: Actor, webhookId: string): Promise<Webhook> {
  const webhook = await getWebhook(deps, actor, webhookId)
  if (webhook.isEnabled) return webhook
  throw new AppError('CONFLICT', 'The webhook is disabled: enable it first')
}

async function find(deps: Deps, webhookId: string, deliveryId: string): Promise<WebhookDelivery> {
  const delivery = await rows.findDelivery(deps.db.kysely, webhookId, deliveryId)
  if (delivery === null) throw notFound('Delivery')
  return delivery
}

/** Looks like an alert, so that a receiver's own reading is tried as well. */
function testMessage({ name }: Webhook, actor: Actor, at: Date): rows.NewWebhookDelivery['payload'] {
  return {
    type: 'webhook.test',
    timestamp: formatInstant(at),
    data: {
      alert_id: null,
      severity: 'INFO',
      kind: 'other',
      code: 'WEBHOOK_TEST',
      message: `A test message for the webhook ${name}, sent by ${actor.label}`,
      context: {},
      strategy_id: null,
      created_at: formatInstant(at),
      occurrence: 0,
      acknowledged: false,
      acknowledged_at: null,
      acknowledged_by: null,
    },
  }
}

interface DeliveryAct {
  action: string
  at: Date
  webhookId: string
  deliveryId: string
}

async function audit(
  trx: Trx,
  actor: Actor,
  { action, at, webhookId, deliveryId }: DeliveryAct,
): Promise<void> {
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, at),
      action,
      entity: 'webhook',
      entityId: webhookId,
      before: null,
      after: { delivery_id: deliveryId },
      reason: null,
    },
  ])
}
