import type { JsonValue } from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type {
  DeliveryStatus,
  WebhookAttemptsTable,
  WebhookDeliveriesTable,
} from '../schema/webhook-deliveries.ts'
import { RowBatch } from './batch.ts'
import { type Page, readPage } from './page.ts'
import { given, isUuid } from './values.ts'

/** One message to one receiver, tried until it arrives or is given up. Its id is the message's id. */
export interface WebhookDelivery {
  deliveryId: string
  webhookId: string
  /** Null: a test. */
  alertId: string | null
  event: string
  occurrence: number
  payload: JsonValue
  status: DeliveryStatus
  attempts: number
  nextAttemptAt: Date
  lastStatus: number | null
  lastError: string | null
  createdAt: Date
  finishedAt: Date | null
}

export type NewWebhookDelivery = Pick<
  WebhookDelivery,
  'deliveryId' | 'webhookId' | 'alertId' | 'event' | 'occurrence' | 'payload' | 'createdAt'
>

export type WebhookAttempt = Selectable<WebhookAttemptsTable>

type DeliveryRow = Selectable<WebhookDeliveriesTable>

function toDelivery(row: DeliveryRow): WebhookDelivery {
  const { seq: _seq, leaseId: _leaseId, leasedUntil: _leasedUntil, ...delivery } = row
  return { ...delivery, payload: row.payload as JsonValue }
}

const batch = new RowBatch('webhook_deliveries', [
  'deliveryId',
  'webhookId',
  'alertId',
  'event',
  'occurrence',
  'payload',
  'createdAt',
  'status',
  'attempts',
  'nextAttemptAt',
])

/** What a receiver was told of an alert before is not written again. @returns how many were */
export async function insertDeliveries(
  db: Queryable,
  deliveries: readonly NewWebhookDelivery[],
): Promise<number> {
  const rows = deliveries.map((delivery) => ({
    ...delivery,
    status: 'PENDING',
    attempts: 0,
    nextAttemptAt: delivery.createdAt,
  }))
  const tail = sql`on conflict (webhook_id, alert_id, event, occurrence) where alert_id is not null
    do nothing returning delivery_id`
  return (await batch.insert(db, rows, tail)).length
}

/** Webhooks with something to send now. */
export async function listDueWebhooks(db: Queryable, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('webhookDeliveries')
    .innerJoin('webhooks', 'webhooks.webhookId', 'webhookDeliveries.webhookId')
    .select('webhookDeliveries.webhookId')
    .distinct()
    .where('webhookDeliveries.status', '=', 'PENDING')
    .where('nextAttemptAt', '<=', now)
    .where('isEnabled', '=', true)
    .execute()
  return rows.map(({ webhookId }) => webhookId)
}

export interface Lease {
  leaseId: string
  now: Date
  until: Date
}

/**
 * Takes what is due for one receiver, oldest first, so that nobody else tries it meanwhile: per alert only the oldest
 * that has not arrived, so that a receiver learns of an alert's events in their order.
 */
export async function leaseDeliveries(
  db: Queryable,
  webhookId: string,
  limit: number,
  { leaseId, now, until }: Lease,
): Promise<WebhookDelivery[]> {
  const { rows } = await sql<DeliveryRow>`
    update webhook_deliveries set lease_id = ${leaseId}, leased_until = ${until}, attempts = attempts + 1
    where delivery_id in (
      select due.delivery_id from webhook_deliveries due
      where due.webhook_id = ${webhookId} and due.status = 'PENDING' and due.next_attempt_at <= ${now}
        and (due.leased_until is null or due.leased_until <= ${now})
        and not exists (
          select 1 from webhook_deliveries earlier
          where earlier.webhook_id = due.webhook_id and earlier.alert_id = due.alert_id
            and earlier.status = 'PENDING' and earlier.seq < due.seq
        )
      order by due.seq limit ${limit} for update skip locked
    )
    returning *`.execute(db)
  return rows.sort((a, b) => a.seq - b.seq).map(toDelivery)
}

export interface AttemptResult {
  at: Date
  durationMs: number
  status: number | null
  error: string | null
  /** When to try again; null if it arrived or is given up. */
  retryAt: Date | null
}

/**
 * Writes down what became of an attempt.
 * @returns false if the lease had run out and somebody else has taken it: then theirs counts
 */
export async function recordAttempt(
  db: Queryable,
  { deliveryId, attempts }: Pick<WebhookDelivery, 'deliveryId' | 'attempts'>,
  leaseId: string,
  { at, durationMs, status, error, retryAt }: AttemptResult,
): Promise<boolean> {
  const finished: DeliveryStatus = error === null ? 'DELIVERED' : 'FAILED'
  const row = await db
    .updateTable('webhookDeliveries')
    .set({
      leaseId: null,
      leasedUntil: null,
      lastStatus: status,
      lastError: error,
      ...(retryAt === null ? { status: finished, finishedAt: at } : { nextAttemptAt: retryAt }),
    })
    .where('deliveryId', '=', deliveryId)
    .where('leaseId', '=', leaseId)
    .where('attempts', '=', attempts)
    .returning('deliveryId')
    .executeTakeFirst()
  if (row === undefined) return false
  await db
    .insertInto('webhookAttempts')
    .values({ deliveryId, attempt: attempts, at, durationMs, status, error })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return true
}

export interface DeliveryFilter {
  webhookId: string
  status?: DeliveryStatus
}

/** Recent first. */
export async function listDeliveries(
  db: Queryable,
  { webhookId, status }: DeliveryFilter,
  page: Page,
): Promise<{ deliveries: WebhookDelivery[]; totalCount: number }> {
  const query = db
    .selectFrom('webhookDeliveries')
    .where('webhookId', '=', webhookId)
    .where((eb) => eb.and(given(status, (wanted) => eb('status', '=', wanted))))
  const { rows, totalCount } = await readPage(query, (q) => q.selectAll(), null, page)
  return { deliveries: rows.map(toDelivery), totalCount }
}

export async function findDelivery(
  db: Queryable,
  webhookId: string,
  deliveryId: string,
): Promise<WebhookDelivery | null> {
  if (!isUuid(webhookId) || !isUuid(deliveryId)) return null
  const row = await db
    .selectFrom('webhookDeliveries')
    .selectAll()
    .where('webhookId', '=', webhookId)
    .where('deliveryId', '=', deliveryId)
    .executeTakeFirst()
  return row === undefined ? null : toDelivery(row)
}

/** In their order. */
export async function listAttempts(db: Queryable, deliveryId: string): Promise<WebhookAttempt[]> {
  return db
    .selectFrom('webhookAttempts')
    .selectAll()
    .where('deliveryId', '=', deliveryId)
    .orderBy('attempt')
    .execute()
}

/** Sends it once more, under the same id. @returns false if it is on its way already */
export async function redeliver(db: Queryable, deliveryId: string, now: Date): Promise<boolean> {
  const row = await db
    .updateTable('webhookDeliveries')
    .set({ status: 'PENDING', finishedAt: null, nextAttemptAt: now })
    .where('deliveryId', '=', deliveryId)
    .where('status', '<>', 'PENDING')
    .returning('deliveryId')
    .executeTakeFirst()
  return row !== undefined
}

/** What waits for a receiver that gets nothing more is given up. @returns how many */
export async function abandonDeliveries(
  db: Queryable,
  webhookId: string,
  { error, at }: { error: string; at: Date },
): Promise<number> {
  const rows = await db
    .updateTable('webhookDeliveries')
    .set({ status: 'FAILED', lastError: error, finishedAt: at })
    .where('webhookId', '=', webhookId)
    .where('status', '=', 'PENDING')
    .returning('deliveryId')
    .execute()
  return rows.length
}

/** Forgets finished deliveries older than the retention, at most `limit` at a time. @returns how many */
export async function pruneDeliveries(db: Queryable, finishedBefore: Date, limit = 10_000): Promise<number> {
  const result = await sql`delete from webhook_deliveries where delivery_id in (
    select delivery_id from webhook_deliveries where finished_at < ${finishedBefore} order by seq limit ${limit}
  )`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}
