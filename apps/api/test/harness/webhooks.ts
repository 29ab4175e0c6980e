import { insertDeliveries, insertWebhook } from '@quantdeck/db'
import { sampleWebhook } from '@quantdeck/db/testing'
import { randomUUID } from 'node:crypto'

import { newSigningSecret } from '../../src/features/webhooks/signature.ts'
import type { TestApi } from '../harness.ts'

/** On an address of the documents, which is never called. */
const NOWHERE = 'https://192.0.2.1/hook'

/** A webhook as the server would have made it. @returns its id */
export async function seedWebhook({ deps }: TestApi): Promise<string> {
  const { vault } = deps.webhooks
  const webhook = sampleWebhook({
    urlSealed: vault.seal(NOWHERE),
    secretSealed: vault.seal(newSigningSecret()),
    createdAt: deps.clock.now(),
    // Of what nobody here does: the failure of one would be told to all the others.
    kinds: ['refresh_reuse'],
  })
  await insertWebhook(deps.db.kysely, webhook)
  return webhook.webhookId
}

/** A message that was delivered. @returns its id */
export async function seedDelivery({ deps }: TestApi, webhookId: string): Promise<string> {
  const deliveryId = randomUUID()
  const createdAt = deps.clock.now()
  const payload = { type: 'webhook.test', timestamp: createdAt.toISOString(), data: {} }
  const message = {
    deliveryId,
    webhookId,
    alertId: null,
    event: 'webhook.test',
    occurrence: 0,
    payload,
    createdAt,
  }
  await insertDeliveries(deps.db.kysely, [message])
  await deps.db.kysely
    .updateTable('webhookDeliveries')
    .set({ status: 'DELIVERED', finishedAt: createdAt, attempts: 1, lastStatus: 200 })
    .where('deliveryId', '=', deliveryId)
    .execute()
  return deliveryId
}
