import * as z from 'zod'
import { apiKeyScope, id, idInput, instant, lineInput, offsetInstant, strategyIdInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'

const shape = {
  api_key_id: id,
  name: z.string(),
  prefix: z.string().describe('How the key begins, to tell it from others'),
  scopes: z.array(apiKeyScope),
  strategy_ids: z.array(id).nullable().describe('null: every strategy its owner may use'),
  ip_allow_list: z.array(z.string()).nullable().describe('null: any address'),
  created_at: instant,
  expires_at: instant.nullable(),
  last_used_at: instant.nullable(),
  revoked_at: instant.nullable(),
}

/** An API key without its secret. */
export const deckApiKey = z.object(shape).meta({ id: 'DeckApiKey' })

/** Your API keys. */
export const deckApiKeyListResponse = z
  .object({ data: z.array(deckApiKey), meta: z.object({ total_count: z.int().min(0) }) })
  .meta({ id: 'DeckApiKeyListResponse' })

/** A new API key with its secret, shown this once. */
export const deckApiKeyCreateResponse = z
  .object({
    message: z.string(),
    data: z.object({ ...shape, key: z.string().describe('Shown this once; stored only as a hash') }),
  })
  .meta({ id: 'DeckApiKeyCreateResponse' })

/** A revoked API key. */
export const deckApiKeyRevokeResponse = z
  .object({ message: z.string(), data: z.object({ api_key_id: id, revoked_at: instant }) })
  .meta({ id: 'DeckApiKeyRevokeResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/api-keys',
    summary: 'List your API keys',
    tags: ['API keys'],
    access: { role: 'viewer' },
    rateLimit: 'added-read',
    operationId: 'list_api_keys',
  },
  z.object({}),
  deckApiKeyListResponse,
)

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/api-keys',
    summary: 'Create an API key',
    tags: ['API keys'],
    access: { role: 'viewer' },
    rateLimit: 'write',
    status: 201,
    errors: [404],
    operationId: 'create_api_key',
  },
  z.strictObject({
    name: lineInput(120),
    scopes: z.array(apiKeyScope).min(1).max(5),
    strategy_ids: z.array(strategyIdInput).min(1).max(100).optional(),
    expires_at: offsetInstant.optional(),
    ip_allow_list: z.array(lineInput(64)).min(1).max(100).optional().describe('Addresses or CIDR blocks'),
  }),
  deckApiKeyCreateResponse,
)

const revoke = endpoint(
  {
    method: 'DELETE',
    path: '/v1/api-keys/{api_key_id}',
    summary: 'Revoke an API key',
    description: 'It stops working at once.',
    tags: ['API keys'],
    access: { role: 'viewer' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'revoke_api_key',
  },
  z.strictObject({ api_key_id: idInput }),
  deckApiKeyRevokeResponse,
)

/** API keys of the logged-in user. */
export const deckApiKeys = { list, create, revoke }
