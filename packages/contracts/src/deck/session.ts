import * as z from 'zod'
import { API_KEY_SCOPES, id, instant, role } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** Who a request is. */
export const deckMeResponse = z
  .object({
    data: z.object({
      user_id: id,
      email: z.string(),
      name: z.string(),
      role,
      kind: z.enum(['user', 'api_key']).describe('How this request proved who it is'),
      session_id: id.nullable(),
      api_key_id: id.nullable(),
      scopes: z.array(z.enum(API_KEY_SCOPES)).nullable().describe('Of the API key; null: no restriction'),
      strategy_ids: z.array(id).nullable().describe('Of the API key; null: no restriction'),
      expires_at: instant.nullable().describe('When the session or key ends'),
    }),
  })
  .meta({ id: 'DeckMeResponse' })

/** An answer in one sentence. */
export const deckMessageResponse = z.object({ message: z.string() }).meta({ id: 'DeckMessageResponse' })

const me = endpoint(
  {
    method: 'GET',
    path: '/v1/me',
    summary: 'Who this request is',
    tags: ['Account'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'get_me',
  },
  z.object({}),
  deckMeResponse,
)

const logout = endpoint(
  {
    method: 'POST',
    path: '/v1/auth/logout',
    summary: 'End this session',
    description: 'Its access and refresh tokens stop working at once. Needs no body.',
    tags: ['Authentication'],
    access: { role: 'viewer' },
    rateLimit: 'write',
    operationId: 'logout',
  },
  z.strictObject({}),
  deckMessageResponse,
)

/** The own session. */
export const deckSession = { me, logout }
