import * as z from 'zod'
import { emailInput, id, idInput, instant, lineInput, role } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** Disabled users cannot log in; their sessions have ended and their keys do not work. */
export const USER_STATUSES = ['active', 'disabled'] as const

const userStatus = z.enum(USER_STATUSES).meta({ id: 'UserStatus' })

/** Input: a new password. Length is what counts; what everybody uses is refused by the server's block list. */
export const newPasswordInput = z
  .string()
  .min(12, 'Must have at least 12 characters')
  .max(256)
  .describe('At least 12 characters, and not one of the common ones')

/** A user, without any secret. */
export const deckUser = z
  .object({
    user_id: id,
    email: z.string(),
    name: z.string(),
    role,
    status: userStatus,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'DeckUser' })

/** All users. */
export const deckUserListResponse = z
  .object({ data: z.array(deckUser), meta: z.object({ total_count: z.int().min(0) }) })
  .meta({ id: 'DeckUserListResponse' })

/** A created or changed user. */
export const deckUserResponse = z
  .object({ message: z.string(), data: deckUser })
  .meta({ id: 'DeckUserResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/users',
    summary: 'List users',
    tags: ['Users'],
    access: { role: 'admin', scope: 'admin' },
    rateLimit: 'added-read',
    operationId: 'list_users',
  },
  z.object({}),
  deckUserListResponse,
)

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/users',
    summary: 'Create a user',
    description: 'Needs a session that confirmed its password within the last 5 minutes.',
    tags: ['Users'],
    access: { role: 'admin' },
    rateLimit: 'write',
    status: 201,
    errors: [409],
    idempotent: true,
    operationId: 'create_user',
  },
  z.strictObject({
    email: emailInput,
    password: newPasswordInput,
    role,
    name: lineInput(120, 0).optional(),
  }),
  deckUserResponse,
)

const update = endpoint(
  {
    method: 'PATCH',
    path: '/v1/users/{user_id}',
    summary: 'Change the role, status or name of a user',
    description:
      'Takes effect at once: disabling ends every session and stops every key of the user. The last active admin ' +
      'can be neither demoted nor disabled (409). Needs a session that confirmed its password within the last 5 minutes.',
    tags: ['Users'],
    access: { role: 'admin' },
    rateLimit: 'write',
    errors: [404, 409],
    operationId: 'update_user',
  },
  z.strictObject({
    user_id: idInput,
    role: role.optional(),
    status: userStatus.optional(),
    name: lineInput(120, 0).optional(),
  }),
  deckUserResponse,
)

/** Users, for admins. */
export const deckUsers = { list, create, update }
