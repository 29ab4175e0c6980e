import * as z from 'zod'
import { id, idInput, instant } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { deckMessageResponse } from './session.ts'

/** An open session of yours. */
export const deckSessionItem = z
  .object({
    session_id: id,
    kind: z.enum(['browser', 'token']).describe('The dashboard, or a program that logged in over REST'),
    is_current: z.boolean().describe('The session of this request'),
    created_at: instant,
    last_seen_at: instant.describe('Of its last login or refresh'),
    expires_at: instant,
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
  })
  .meta({ id: 'DeckSessionItem' })

/** Your open sessions. */
export const deckSessionListResponse = z
  .object({
    data: z.array(deckSessionItem),
    meta: z.object({ total_count: z.int().min(0).describe('Open sessions, listed or not') }),
  })
  .meta({ id: 'DeckSessionListResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/sessions',
    summary: 'List your open sessions, recent first',
    tags: ['Account'],
    access: { role: 'viewer' },
    rateLimit: 'added-read',
    operationId: 'list_sessions',
  },
  z.object({
    limit: z.int().min(1).max(500).default(100).describe('At most this many of the most recent sessions'),
  }),
  deckSessionListResponse,
)

const revoke = endpoint(
  {
    method: 'DELETE',
    path: '/v1/sessions/{session_id}',
    summary: 'End a session',
    description: 'One of your own; an admin may end anybody’s. Its tokens and sockets stop working at once.',
    tags: ['Account'],
    access: { role: 'viewer' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'revoke_session',
  },
  z.strictObject({ session_id: idInput }),
  deckMessageResponse,
)

/** Open sessions of the logged-in user. */
export const deckSessions = { list, revoke }
