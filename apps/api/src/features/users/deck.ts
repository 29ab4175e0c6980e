import { deck, type DeckUser } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'

import { implement, type Implements } from '../../trpc/implement.ts'
import { createUser, listUsers, updateUser, type User } from './operations.ts'

function presentUser({ userId, email, name, role, status, createdAt, updatedAt }: User): DeckUser {
  const at = { created_at: formatInstant(createdAt), updated_at: formatInstant(updatedAt) }
  return { user_id: userId, email, name, role, status, ...at }
}

export const usersDeck = {
  list: implement(deck.users.list, async ({ deps, actor }) => {
    const users = await listUsers(deps, actor)
    return { data: users.map(presentUser), meta: { total_count: users.length } }
  }),
  create: implement(deck.users.create, async ({ deps, actor, input, idempotencyId }) => {
    const { email, password, role, name = '' } = input
    const user = await createUser(deps, actor, { email, password, role, name }, idempotencyId)
    return { message: 'User created', data: presentUser(user) }
  }),
  update: implement(deck.users.update, async ({ deps, actor, input }) => {
    const { user_id, ...change } = input
    return { message: 'User updated', data: presentUser(await updateUser(deps, actor, user_id, change)) }
  }),
} satisfies Implements<typeof deck.users>
