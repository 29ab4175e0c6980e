import * as z from 'zod'
import { API_KEY_SCOPES, id, instant, role } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { newPasswordInput } from './users.ts'

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

/** How many sessions ended. */
export const deckSessionsEndedResponse = z
  .object({ message: z.string(), data: z.object({ ended_sessions: z.int().min(0) }) })
  .meta({ id: 'DeckSessionsEndedResponse' })

const logoutAll = endpoint(
  {
    method: 'POST',
    path: '/v1/auth/logout-all',
    summary: 'End all of your sessions, this one included',
    description: 'API keys go on working. Needs no body.',
    tags: ['Authentication'],
    access: { role: 'viewer' },
    rateLimit: 'write',
    operationId: 'logout_all',
  },
  z.strictObject({}),
  deckSessionsEndedResponse,
)

const changePassword = endpoint(
  {
    method: 'POST',
    path: '/v1/me/password',
    summary: 'Change your password',
    description:
      'Ends all of your other sessions. A wrong current password is 403; after 5 of them within 15 minutes, 429. When it was just changed, 409.',
    tags: ['Account'],
    access: { role: 'viewer' },
    rateLimit: 'write',
    errors: [409],
    operationId: 'change_password',
  },
  z.strictObject({ current_password: z.string().min(1).max(256), new_password: newPasswordInput }),
  deckSessionsEndedResponse,
)

/** Until when the session counts as confirmed. */
export const deckConfirmResponse = z
  .object({ message: z.string(), data: z.object({ confirmed_until: instant }) })
  .meta({ id: 'DeckConfirmResponse' })

const confirm = endpoint(
  {
    method: 'POST',
    path: '/v1/auth/confirm',
    summary: 'Confirm your password before a dangerous action',
    description:
      'For 5 minutes this session may then change users and create API keys with the admin scope. A wrong password ' +
      'is 403; after 5 of them within 15 minutes, 429.',
    tags: ['Authentication'],
    access: { role: 'viewer' },
    rateLimit: 'write',
    operationId: 'confirm_password',
  },
  z.strictObject({ password: z.string().min(1).max(256) }),
  deckConfirmResponse,
)

/** A ticket for one WebSocket connection. */
export const deckWsTicketResponse = z
  .object({
    data: z.object({
      ticket: z.string().describe('Single use; pass it as `?ticket=` to /ws/trading-signals'),
      expires_in: z.int().min(1).describe('Seconds'),
      expires_at: instant,
    }),
  })
  .meta({ id: 'DeckWsTicketResponse' })

const wsTicket = endpoint(
  {
    method: 'POST',
    path: '/v1/auth/ws-ticket',
    summary: 'A single-use ticket to open the signal stream',
    description:
      'For browsers, which cannot set headers on a WebSocket. Works once, for 30 s, on /ws/trading-signals only, with ' +
      'the rights of whoever asked for it. Needs no body.',
    tags: ['Authentication'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'write',
    status: 201,
    operationId: 'create_ws_ticket',
  },
  z.strictObject({}),
  deckWsTicketResponse,
)

/** The own session. */
export const deckSession = { me, logout, logoutAll, changePassword, confirm, wsTicket }
