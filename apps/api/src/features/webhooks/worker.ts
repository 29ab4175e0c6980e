import * as rows from '@quantdeck/db'
import { transaction, type Database, type Trx, type Webhook, type WebhookDelivery } from '@quantdeck/db'
import { MINUTE_MS, SECOND_MS, utcDay, type Clock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'

import { systemActor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { raiseAlerts } from '../alerts/raise.ts'
import { bodyOf, type Message } from './body.ts'
import { MAX_ATTEMPTS, postOnce, retryDelayMs, type Outcome } from './send.ts'
import { signatureHeaders } from './signature.ts'
import type { TargetAddresses } from './target-address.ts'
import type { WebhookVault } from './vault.ts'

const POLL_MS = SECOND_MS
/** Longer than an attempt can take: what a killed process was sending is tried again after it. */
const LEASE_MS = MINUTE_MS
/** One receiver that stalls holds up neither the others nor all of its own messages. */
const PER_RECEIVER = 4
const ACTOR = systemActor('webhooks')

export interface WorkerParts {
  db: Database
  clock: Clock
  log: Logger
  vault: WebhookVault
  addresses: TargetAddresses
  wakeSealer: () => void
}

export interface WorkerOptions {
  /** In [0, 1), for the jitter of retries. */
  random?: () => number
  timeoutMs?: number
}

/**
 * Sends what waits in `webhook_deliveries`, as long as it takes. The table is the queue: a delivery is leased before
 * it is sent and finished afterwards, so a kill in between sends it again under the same id, and never loses it.
 */
export class WebhookWorker {
  readonly #parts: WorkerParts
  readonly #random: () => number
  readonly #timeoutMs: number | undefined
  readonly #sending = new Map<string, number>()
  readonly #inFlight = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> | null = null
  #isAgain = false
  readonly #stopping = new AbortController()

  constructor(parts: WorkerParts, options: WorkerOptions = {}) {
    this.#parts = parts
    this.#random = options.random ?? Math.random
    this.#timeoutMs = options.timeoutMs
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL_MS)
    this.#timer.unref()
  }

  /** Something may be due: looks now instead of within a second. */
  wake(): void {
    if (this.#stopping.signal.aborted) return
    this.#isAgain = true
    this.#looking ??= this.#look().finally(() => (this.#looking = null))
  }

  /** Sends what is due now, and what becomes due by that, and waits for it. */
  async flush(): Promise<void> {
    this.wake()
    while (this.#looking !== null || this.#inFlight.size > 0) {
      await Promise.all([this.#looking, ...this.#inFlight])
    }
  }

  /** Ends what is being sent: it is tried again after the next start. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#stopping.abort()
    await this.#looking
    await Promise.all(this.#inFlight)
  }

  async #look(): Promise<void> {
    while (this.#isAgain && !this.#stopping.signal.aborted) {
      this.#isAgain = false
      try {
        const due = await rows.listDueWebhooks(this.#parts.db.kysely, this.#parts.clock.now())
        for (const webhookId of due) await this.#take(webhookId)
      } catch (error) {
        this.#parts.log.warn({ err: error }, 'webhook deliveries could not be read; trying again')
        return
      }
    }
  }

  async #take(webhookId: string): Promise<void> {
    const { db, clock } = this.#parts
    const free = PER_RECEIVER - (this.#sending.get(webhookId) ?? 0)
    if (free <= 0) return
    const webhook = await rows.findWebhook(db.kysely, webhookId)
    if (webhook === null) return
    const now = clock.now()
    const leaseId = randomUUID()
    const lease = { leaseId, now, until: new Date(now.getTime() + LEASE_MS) }
    const deliveries = await rows.leaseDeliveries(db.kysely, webhookId, free, lease)
    for (const delivery of deliveries) this.#track(webhook, this.#deliver(webhook, delivery, leaseId))
  }

  #track({ webhookId }: Webhook, work: Promise<void>): void {
    this.#sending.set(webhookId, (this.#sending.get(webhookId) ?? 0) + 1)
    const tracked = work.finally(() => {
      this.#inFlight.delete(tracked)
      this.#sending.set(webhookId, (this.#sending.get(webhookId) ?? 1) - 1)
      this.wake()
    })
    this.#inFlight.add(tracked)
  }

  async #deliver(webhook: Webhook, delivery: WebhookDelivery, leaseId: string): Promise<void> {
    const { log, clock } = this.#parts
    const startedMs = performance.now()
    try {
      const outcome = await this.#send(webhook, delivery)
      const durationMs = Math.round(performance.now() - startedMs)
      await this.#settle(webhook, delivery, { outcome, durationMs, leaseId, at: clock.now() })
    } catch (error) {
      // The lease runs out, and it is tried again.
      log.warn({ err: error, deliveryId: delivery.deliveryId }, 'a webhook delivery could not be recorded')
    }
  }

  async #send(webhook: Webhook, delivery: WebhookDelivery): Promise<Outcome> {
    const { vault, addresses, clock } = this.#parts
    const at = clock.now()
    const url = vault.open(webhook.urlSealed)
    const secrets = secretsOf(webhook, at).map((sealed) => vault.open(sealed))
    const readable = secrets.filter((secret) => secret !== null)
    if (url === null || readable.length < secrets.length) return UNREADABLE
    const body = bodyOf(delivery.payload as unknown as Message, webhook)
    const headers = signatureHeaders({ id: delivery.deliveryId, at, body }, readable)
    return postOnce({ url: new URL(url), headers, body }, addresses, {
      timeoutMs: this.#timeoutMs,
      stopped: this.#stopping.signal,
    })
  }

  async #settle(webhook: Webhook, delivery: WebhookDelivery, settled: Settled): Promise<void> {
    const { db, wakeSealer } = this.#parts
    const { outcome, at } = settled
    const isOver = outcome.isFinal || outcome.isGone || delivery.attempts >= MAX_ATTEMPTS
    const isGivenUp = outcome.error !== null && isOver
    const delayMs = retryDelayMs(delivery.attempts, outcome.retryAfterSeconds, this.#random())
    const retryAt = outcome.error === null || isOver ? null : new Date(at.getTime() + delayMs)
    await transaction(db, async (trx) => {
      const result = { ...settled, status: outcome.status, error: outcome.error, retryAt }
      const isOurs = await rows.recordAttempt(trx, delivery, settled.leaseId, result)
      if (!isOurs || !isGivenUp) return
      await raiseAlerts(trx, [failureAlert(webhook, outcome, at)], at)
      if (outcome.isGone) await disable(trx, webhook, at)
    })
    if (isGivenUp) wakeSealer()
  }
}

interface Settled {
  outcome: Outcome
  durationMs: number
  leaseId: string
  at: Date
}

const UNREADABLE: Outcome = {
  status: null,
  error: 'Address and secret cannot be read any more: JWT_SECRET has changed. Create the webhook anew',
  isFinal: true,
  isGone: false,
  retryAfterSeconds: null,
}

function secretsOf({ secretSealed, previousSecretSealed, previousSecretUntil }: Webhook, at: Date): string[] {
  const isKept = previousSecretSealed !== null && previousSecretUntil !== null && previousSecretUntil > at
  return isKept ? [secretSealed, previousSecretSealed] : [secretSealed]
}

/** Once a day and receiver; the receiver itself is not bothered with it. */
function failureAlert({ webhookId, name }: Webhook, { error }: Outcome, at: Date) {
  return {
    severity: 'ERROR' as const,
    code: 'WEBHOOK_FAILED',
    message: `Alerts do not arrive at the webhook ${name}: ${error}`,
    context: { webhook_id: webhookId },
    strategyId: null,
    dedupeKey: `WEBHOOK_FAILED:${webhookId}:${utcDay(at)}`,
  }
}

/** 410 Gone: the receiver wants nothing any more. */
async function disable(trx: Trx, { webhookId }: Webhook, at: Date): Promise<void> {
  const reason = 'The receiver answered 410 Gone'
  if (!(await rows.disableWebhook(trx, webhookId, { reason, at }))) return
  await rows.abandonDeliveries(trx, webhookId, { error: 'The webhook was disabled', at })
  await rows.appendAudit(trx, [
    {
      ...auditFacts(ACTOR, at),
      action: 'webhook.disable',
      entity: 'webhook',
      entityId: webhookId,
      before: { enabled: true },
      after: { enabled: false },
      reason,
    },
  ])
}
