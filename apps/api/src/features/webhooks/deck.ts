import { deck } from '@quantdeck/contracts'

import { implement, type Implements } from '../../trpc/implement.ts'
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateSecret,
  updateWebhook,
} from './operations.ts'
import { getDelivery, listDeliveries, redeliver, testWebhook } from './operations-deliveries.ts'
import { presentDelivery, presentDeliveryDetail, presentWebhook } from './present-deck.ts'

interface SettingsInput {
  chat_id?: string
  min_severity?: Parameters<typeof updateWebhook>[3]['minSeverity']
  enabled?: boolean
}

const settingsOf = ({ chat_id, min_severity, enabled }: SettingsInput) => ({
  chatId: chat_id,
  minSeverity: min_severity,
  isEnabled: enabled,
})

export const webhooksDeck = {
  list: implement(deck.webhooks.list, async ({ deps, actor }) => {
    const webhooks = await listWebhooks(deps, actor)
    return { data: webhooks.map(presentWebhook), meta: { total_count: webhooks.length } }
  }),
  get: implement(deck.webhooks.get, async ({ deps, actor, input }) => ({
    data: presentWebhook(await getWebhook(deps, actor, input.webhook_id)),
  })),
  create: implement(deck.webhooks.create, async ({ deps, actor, input }) => {
    const { name, url, format, kinds, events } = input
    const settings = { name, url, format, kinds, events, ...settingsOf(input) }
    const { webhook, secret } = await createWebhook(deps, actor, settings)
    return { message: 'Webhook created', data: { ...presentWebhook(webhook), secret } }
  }),
  update: implement(deck.webhooks.update, async ({ deps, actor, input }) => {
    const { webhook_id, name, url, kinds, events } = input
    const change = { name, url, kinds, events, ...settingsOf(input) }
    const webhook = await updateWebhook(deps, actor, webhook_id, change)
    return { message: 'Webhook updated', data: presentWebhook(webhook) }
  }),
  remove: implement(deck.webhooks.remove, async ({ deps, actor, input }) => {
    const webhookId = await deleteWebhook(deps, actor, input.webhook_id)
    return { message: 'Webhook deleted', data: { webhook_id: webhookId } }
  }),
  rotateSecret: implement(deck.webhooks.rotateSecret, async ({ deps, actor, input }) => {
    const { webhook, secret } = await rotateSecret(deps, actor, input.webhook_id)
    return { message: 'Secret replaced', data: { ...presentWebhook(webhook), secret } }
  }),
  test: implement(deck.webhooks.test, async ({ deps, actor, input }) => ({
    message: 'Test message on its way',
    data: presentDelivery(await testWebhook(deps, actor, input.webhook_id)),
  })),
  listDeliveries: implement(deck.webhooks.listDeliveries, async ({ deps, actor, input }) => {
    const { webhook_id, status, page, per_page } = input
    const query = { status, page, perPage: per_page }
    const { deliveries, totalCount } = await listDeliveries(deps, actor, webhook_id, query)
    return { data: deliveries.map(presentDelivery), meta: { total_count: totalCount, page, per_page } }
  }),
  getDelivery: implement(deck.webhooks.getDelivery, async ({ deps, actor, input }) => {
    const { delivery, tries } = await getDelivery(deps, actor, input.webhook_id, input.delivery_id)
    return { data: presentDeliveryDetail(delivery, tries) }
  }),
  redeliver: implement(deck.webhooks.redeliver, async ({ deps, actor, input }) => ({
    message: 'Message on its way again',
    data: presentDelivery(await redeliver(deps, actor, input.webhook_id, input.delivery_id)),
  })),
} satisfies Implements<typeof deck.webhooks>
