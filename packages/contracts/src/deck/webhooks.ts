import * as z from 'zod'
import {
  alertKind,
  alertSeverity,
  id,
  idInput,
  instant,
  jsonObject,
  lineInput,
  pageMeta,
  pagination,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** What a receiver understands: the message as it is, Slack's or Telegram's text. */
export const WEBHOOK_FORMATS = ['json', 'slack', 'telegram'] as const
/** What can happen to an alert that a receiver is told. */
export const WEBHOOK_EVENTS = [
  'alert.raised',
  'alert.repeated',
  'alert.escalated',
  'alert.acknowledged',
] as const
/** PENDING: waits, is on its way or will be tried again. FAILED: given up. */
export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED'] as const

const webhookFormat = z.enum(WEBHOOK_FORMATS).meta({ id: 'WebhookFormat' })
const webhookEvent = z.enum(WEBHOOK_EVENTS).meta({ id: 'WebhookEvent' })
const deliveryStatus = z.enum(DELIVERY_STATUSES).meta({ id: 'DeliveryStatus' })

const shape = {
  webhook_id: id,
  name: z.string(),
  format: webhookFormat,
  url_hint: z.string().describe('Where it goes, without the path: addresses of chats are secrets'),
  chat_id: z.string().nullable().describe('Telegram only'),
  min_severity: alertSeverity,
  kinds: z.array(alertKind).nullable().describe('null: alerts of every kind'),
  events: z.array(webhookEvent),
  enabled: z.boolean(),
  disabled_reason: z.string().nullable().describe('Why it was disabled, if nobody did it'),
  secret_rotated_until: instant
    .nullable()
    .describe('Until then messages are signed with the replaced secret as well'),
  created_at: instant,
  created_by: z.string(),
  updated_at: instant,
}

/** Where alerts are sent to, without its secrets. */
export const deckWebhook = z.object(shape).meta({ id: 'DeckWebhook' })

/** All webhooks. */
export const deckWebhookListResponse = z
  .object({ data: z.array(deckWebhook), meta: z.object({ total_count: z.int().min(0) }) })
  .meta({ id: 'DeckWebhookListResponse' })

/** One webhook. */
export const deckWebhookGetResponse = z.object({ data: deckWebhook }).meta({ id: 'DeckWebhookGetResponse' })

/** A changed webhook. */
export const deckWebhookResponse = z
  .object({ message: z.string(), data: deckWebhook })
  .meta({ id: 'DeckWebhookResponse' })

/** A webhook with its signing secret, shown this once. */
export const deckWebhookSecretResponse = z
  .object({
    message: z.string(),
    data: z.object({
      ...shape,
      secret: z.string().describe('`whsec_...` as Standard Webhooks has it; shown this once'),
    }),
  })
  .meta({ id: 'DeckWebhookSecretResponse' })

/** A deleted webhook. */
export const deckWebhookDeleteResponse = z
  .object({ message: z.string(), data: z.object({ webhook_id: id }) })
  .meta({ id: 'DeckWebhookDeleteResponse' })

const deliveryShape = {
  delivery_id: id.describe('The `webhook-id` header: the same in every try'),
  webhook_id: id,
  alert_id: id.nullable().describe('null: a test'),
  event: z.string(),
  occurrence: z.int().min(0).describe('Which repetition it is; 0 for what happens once'),
  status: deliveryStatus,
  attempts: z.int().min(0),
  next_attempt_at: instant.nullable().describe('null when it is not tried again'),
  last_status: z.int().nullable().describe('HTTP status of the last try; null without an answer'),
  last_error: z.string().nullable(),
  created_at: instant,
  finished_at: instant.nullable(),
}

/** One message to one receiver. */
export const deckDelivery = z.object(deliveryShape).meta({ id: 'DeckDelivery' })

/** A page of the delivery log. */
export const deckDeliveryListResponse = z
  .object({ data: z.array(deckDelivery), meta: pageMeta })
  .meta({ id: 'DeckDeliveryListResponse' })

/** A delivery with every try and the message. */
export const deckDeliveryGetResponse = z
  .object({
    data: z.object({
      ...deliveryShape,
      payload: jsonObject.describe('The message in the format json'),
      tries: z.array(
        z.object({
          attempt: z.int().min(1),
          at: instant,
          duration_ms: z.int().min(0),
          status: z.int().nullable(),
          error: z.string().nullable(),
        }),
      ),
    }),
  })
  .meta({ id: 'DeckDeliveryGetResponse' })

/** A delivery that was set going. */
export const deckDeliveryResponse = z
  .object({ message: z.string(), data: deckDelivery })
  .meta({ id: 'DeckDeliveryResponse' })

const urlInput = lineInput(2048, 8)
  .regex(/^https?:\/\/[^\s/?#@]/i, 'Must be an http or https URL without a user name')
  .describe(
    'https, or http to an address in WEBHOOK_ALLOW_CIDRS. Private, loopback and link-local addresses are refused',
  )
  .meta({ example: 'https://hooks.example.com/quantdeck' })

const settings = {
  min_severity: alertSeverity.optional(),
  kinds: z.array(alertKind).min(1).max(20).nullable().optional().describe('null: alerts of every kind'),
  events: z.array(webhookEvent).min(1).max(WEBHOOK_EVENTS.length).optional(),
}

const tags = ['Webhooks']
const one = z.strictObject({ webhook_id: idInput })
const confirmed = 'Needs a session that confirmed its password within the last 5 minutes.'

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/webhooks',
    summary: 'List webhooks',
    tags,
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'added-read',
    operationId: 'list_webhooks',
  },
  z.object({}),
  deckWebhookListResponse,
)

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}',
    summary: 'Get a webhook',
    tags,
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'added-read',
    operationId: 'get_webhook',
  },
  z.object({ webhook_id: idInput }),
  deckWebhookGetResponse,
)

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/webhooks',
    summary: 'Create a webhook',
    description:
      'Alerts raised from now on are posted to it, each message signed as Standard Webhooks has it ' +
      '(`webhook-id`, `webhook-timestamp`, `webhook-signature`), tried until it is answered with 2xx, at most 18 times. ' +
      `The signing secret is in this answer only. ${confirmed}`,
    tags,
    access: { role: 'admin' },
    rateLimit: 'write',
    status: 201,
    operationId: 'create_webhook',
  },
  z.strictObject({
    name: lineInput(120),
    url: urlInput,
    format: webhookFormat.default('json'),
    chat_id: lineInput(64).optional().describe("Telegram only: the chat, with the bot's sendMessage as url"),
    enabled: z.boolean().default(true),
    ...settings,
  }),
  deckWebhookSecretResponse,
)

const update = endpoint(
  {
    method: 'PATCH',
    path: '/v1/webhooks/{webhook_id}',
    summary: 'Change, enable or disable a webhook',
    description: `What waits for a webhook when it is disabled is given up. ${confirmed}`,
    tags,
    access: { role: 'admin' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'update_webhook',
  },
  z.strictObject({
    webhook_id: idInput,
    name: lineInput(120).optional(),
    url: urlInput.optional(),
    chat_id: lineInput(64).optional(),
    enabled: z.boolean().optional(),
    ...settings,
  }),
  deckWebhookResponse,
)

const remove = endpoint(
  {
    method: 'DELETE',
    path: '/v1/webhooks/{webhook_id}',
    summary: 'Delete a webhook with its delivery log',
    tags,
    access: { role: 'admin' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'delete_webhook',
  },
  one,
  deckWebhookDeleteResponse,
)

const rotateSecret = endpoint(
  {
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/rotate-secret',
    summary: 'Replace the signing secret of a webhook',
    description: `For 24 hours messages carry a signature of either secret. ${confirmed}`,
    tags,
    access: { role: 'admin' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'rotate_webhook_secret',
  },
  one,
  deckWebhookSecretResponse,
)

const test = endpoint(
  {
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/test',
    summary: 'Send a test message',
    description: 'Its way can be followed in the delivery log. 409 while the webhook is disabled.',
    tags,
    access: { role: 'admin', scope: 'admin' },
    rateLimit: 'write',
    status: 202,
    errors: [404, 409],
    operationId: 'test_webhook',
  },
  one,
  deckDeliveryResponse,
)

const listDeliveries = endpoint(
  {
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}/deliveries',
    summary: 'List the deliveries of a webhook, recent first',
    description: 'Kept for 30 days after they arrived or were given up.',
    tags,
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'list_webhook_deliveries',
  },
  z.object({ webhook_id: idInput, status: deliveryStatus.optional(), ...pagination }),
  deckDeliveryListResponse,
)

const getDelivery = endpoint(
  {
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}/deliveries/{delivery_id}',
    summary: 'Get a delivery with its message and every try',
    tags,
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'get_webhook_delivery',
  },
  z.object({ webhook_id: idInput, delivery_id: idInput }),
  deckDeliveryGetResponse,
)

const redeliver = endpoint(
  {
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver',
    summary: 'Send a message once more',
    description:
      'Under the same `webhook-id`, so that a receiver that has it already can tell. 409 while it is on its way or the webhook is disabled.',
    tags,
    access: { role: 'admin', scope: 'admin' },
    rateLimit: 'write',
    status: 202,
    errors: [404, 409],
    operationId: 'redeliver_webhook_delivery',
  },
  z.strictObject({ webhook_id: idInput, delivery_id: idInput }),
  deckDeliveryResponse,
)

/** Where alerts are sent to, and what became of it. */
export const deckWebhooks = {
  list,
  get,
  create,
  update,
  remove,
  rotateSecret,
  test,
  listDeliveries,
  getDelivery,
  redeliver,
}
