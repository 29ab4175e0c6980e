import * as rows from '@quantdeck/db'
import {
  transaction,
  WEBHOOK_EVENTS,
  type Trx,
  type Webhook,
  type WebhookEvent,
  type WebhookFormat,
} from '@quantdeck/db'
import { AppError, DAY_MS, notFound, type AlertKind, type AlertSeverity } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import { requirePerson, requireRole, requireScope, type Actor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { requireConfirmed } from '../../auth/confirmation.ts'
import type { Deps } from '../../deps.ts'
import { newSigningSecret } from './signature.ts'

export type { Webhook }

/** How long a replaced secret signs along. */
const ROTATION_MS = DAY_MS

/** In the order of their creation. */
export async function listWebhooks(deps: Deps, actor: Actor): Promise<Webhook[]> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  return rows.listWebhooks(deps.db.kysely)
}

/** @throws AppError NOT_FOUND */
export async function getWebhook(deps: Deps, actor: Actor, webhookId: string): Promise<Webhook> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  const webhook = await rows.findWebhook(deps.db.kysely, webhookId)
  if (webhook === null) throw notFound('Webhook')
  return webhook
}

export interface WebhookSettings {
  name?: string
  url?: string
  chatId?: string
  minSeverity?: AlertSeverity
  kinds?: AlertKind[] | null
  events?: WebhookEvent[]
  isEnabled?: boolean
}

export interface NewWebhookInput extends WebhookSettings {
  name: string
  url: string
  format: WebhookFormat
}

/**
 * The signing secret is in this answer only; address and secret are stored sealed.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR for an address that may not be called
 */
export async function createWebhook(
  deps: Deps,
  actor: Actor,
  input: NewWebhookInput,
): Promise<{ webhook: Webhook; secret: string }> {
  requirePerson(actor, 'admin')
  await requireConfirmed(deps, actor)
  const secret = newSigningSecret()
  const at = deps.clock.now()
  const webhook: Webhook = {
    webhookId: randomUUID(),
    name: input.name,
    format: input.format,
    ...target(deps, input.url),
    chatId: chatOf(input.format, input.chatId ?? null),
    secretSealed: deps.webhooks.vault.seal(secret),
    previousSecretSealed: null,
    previousSecretUntil: null,
    minSeverity: input.minSeverity ?? 'INFO',
    kinds: input.kinds ?? null,
    events: input.events ?? [...WEBHOOK_EVENTS],
    isEnabled: input.isEnabled ?? true,
    disabledReason: null,
    createdAt: at,
    createdBy: actor.label,
    updatedAt: at,
  }
  await transaction(deps.db, async (trx) => {
    await rows.insertWebhook(trx, webhook)
    await audit(trx, actor, { action: 'webhook.create', at, before: null, after: webhook })
  })
  return { webhook, secret }
}

/** @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR for an address that may not be called */
export async function updateWebhook(
  deps: Deps,
  actor: Actor,
  webhookId: string,
  change: WebhookSettings,
): Promise<Webhook> {
  requirePerson(actor, 'admin')
  await requireConfirmed(deps, actor)
  const at = deps.clock.now()
  const updated = await transaction(deps.db, async (trx) => {
    const before = await lock(trx, webhookId)
    const after = changed(deps, before, change, at)
    await rows.updateWebhook(trx, after)
    if (before.isEnabled && !after.isEnabled) {
      await rows.abandonDeliveries(trx, webhookId, { error: 'The webhook was disabled', at })
    }
    await audit(trx, actor, { action: 'webhook.update', at, before, after })
    return after
  })
  deps.webhooks.worker.wake()
  return updated
}

/** With its deliveries, those on their way included. */
export async function deleteWebhook(deps: Deps, actor: Actor, webhookId: string): Promise<string> {
  requirePerson(actor, 'admin')
  const at = deps.clock.now()
  return transaction(deps.db, async (trx) => {
    const before = await lock(trx, webhookId)
    await rows.deleteWebhook(trx, webhookId)
    await audit(trx, actor, { action: 'webhook.delete', at, before, after: null })
    return before.webhookId
  })
}

/** The old secret signs along for a day, so that the receiver can change over without losing a message. */
export async function rotateSecret(
  deps: Deps,
  actor: Actor,
  webhookId: string,
): Promise<{ webhook: Webhook; secret: string }> {
  requirePerson(actor, 'admin')
  await requireConfirmed(deps, actor)
  const secret = newSigningSecret()
  const at = deps.clock.now()
  const webhook = await transaction(deps.db, async (trx) => {
    const before = await lock(trx, webhookId)
    const after: Webhook = {
      ...before,
      secretSealed: deps.webhooks.vault.seal(secret),
      previousSecretSealed: before.secretSealed,
      previousSecretUntil: new Date(at.getTime() + ROTATION_MS),
      updatedAt: at,
    }
    await rows.updateWebhook(trx, after)
    await audit(trx, actor, { action: 'webhook.rotate_secret', at, before, after })
    return after
  })
  return { webhook, secret }
}

async function lock(trx: Trx, webhookId: string): Promise<Webhook> {
  const webhook = await rows.lockWebhook(trx, webhookId)
  if (webhook === null) throw notFound('Webhook')
  return webhook
}

function changed(deps: Deps, before: Webhook, change: WebhookSettings, at: Date): Webhook {
  const isEnabled = change.isEnabled ?? before.isEnabled
  return {
    ...before,
    ...(change.url !== undefined && target(deps, change.url)),
    name: change.name ?? before.name,
    chatId: chatOf(before.format, change.chatId ?? before.chatId),
    minSeverity: change.minSeverity ?? before.minSeverity,
    kinds: change.kinds === undefined ? before.kinds : change.kinds,
    events: change.events ?? before.events,
    isEnabled,
    disabledReason: isEnabled ? null : before.disabledReason,
    updatedAt: at,
  }
}

/** Sealed, with a hint that names the host and nothing that would let anybody post there. */
function target(deps: Deps, text: string): Pick<Webhook, 'urlSealed' | 'urlHint'> {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw invalid('url', 'Must be an http or https URL without a user name')
  }
  const { addresses, vault } = deps.webhooks
  if (addresses.isRefusedLiteral(url)) {
    throw invalid('url', 'Must not be a private, loopback or link-local address')
  }
  if (url.protocol === 'http:' && !addresses.hasAllowed) throw invalid('url', 'Must be https')
  const rest = url.pathname === '/' && url.search === '' ? '' : '/…'
  return { urlSealed: vault.seal(url.href), urlHint: `${url.origin}${rest}` }
}

function chatOf(format: WebhookFormat, chatId: string | null): string | null {
  if (format === 'telegram' && chatId === null) throw invalid('chat_id', 'Is required for telegram')
  if (format !== 'telegram' && chatId !== null) throw invalid('chat_id', 'Is for telegram only')
  return chatId
}

function invalid(field: string, message: string): AppError {
  return new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details: [{ field, message }] })
}

interface WebhookChange {
  action: string
  at: Date
  before: Webhook | null
  after: Webhook | null
}

async function audit(trx: Trx, actor: Actor, { action, at, before, after }: WebhookChange): Promise<void> {
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, at),
      action,
      entity: 'webhook',
      entityId: (after ?? before)?.webhookId ?? null,
      before: facts(before),
      after: facts(after),
      reason: null,
    },
  ])
}

/** Without address and secrets. */
function facts(webhook: Webhook | null): rows.NewAuditEntry['after'] {
  if (webhook === null) return null
  const { name, format, urlHint, chatId, minSeverity, kinds, events, isEnabled } = webhook
  return {
    name,
    format,
    url_hint: urlHint,
    chat_id: chatId,
    min_severity: minSeverity,
    kinds,
    events,
    enabled: isEnabled,
  }
}
