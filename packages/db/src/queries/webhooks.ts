import type { Insertable, Selectable } from 'kysely'
import type { Queryable, Trx } from '../client.ts'
import type { WebhooksTable } from '../schema/webhooks.ts'
import { isUuid } from './values.ts'

/** Where alerts are sent to. Address and secrets are sealed with the installation's own secret. */
export type Webhook = Omit<Selectable<WebhooksTable>, 'seq'>

type WebhookRow = Selectable<WebhooksTable>

function toWebhook({ seq: _seq, ...row }: WebhookRow): Webhook {
  return row
}

/** In the order of their creation. */
export async function listWebhooks(db: Queryable): Promise<Webhook[]> {
  const rows = await db.selectFrom('webhooks').selectAll().orderBy('seq').execute()
  return rows.map(toWebhook)
}

export async function findWebhook(db: Queryable, webhookId: string): Promise<Webhook | null> {
  if (!isUuid(webhookId)) return null
  const row = await db
    .selectFrom('webhooks')
    .selectAll()
    .where('webhookId', '=', webhookId)
    .executeTakeFirst()
  return row === undefined ? null : toWebhook(row)
}

export async function lockWebhook(trx: Trx, webhookId: string): Promise<Webhook | null> {
  if (!isUuid(webhookId)) return null
  const row = await trx
    .selectFrom('webhooks')
    .selectAll()
    .where('webhookId', '=', webhookId)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : toWebhook(row)
}

export async function insertWebhook(db: Queryable, webhook: Insertable<WebhooksTable>): Promise<void> {
  await db.insertInto('webhooks').values(webhook).execute()
}

export async function updateWebhook(db: Queryable, webhook: Webhook): Promise<void> {
  const { webhookId, createdAt: _at, createdBy: _by, ...changes } = webhook
  await db.updateTable('webhooks').set(changes).where('webhookId', '=', webhookId).execute()
}

/** With its deliveries. */
export async function deleteWebhook(db: Queryable, webhookId: string): Promise<void> {
  await db.deleteFrom('webhooks').where('webhookId', '=', webhookId).execute()
}

/** @returns false if it was disabled before */
export async function disableWebhook(
  db: Queryable,
  webhookId: string,
  { reason, at }: { reason: string; at: Date },
): Promise<boolean> {
  const row = await db
    .updateTable('webhooks')
    .set({ isEnabled: false, disabledReason: reason, updatedAt: at })
    .where('webhookId', '=', webhookId)
    .where('isEnabled', '=', true)
    .returning('webhookId')
    .executeTakeFirst()
  return row !== undefined
}
