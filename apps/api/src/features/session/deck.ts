import { deck } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'

import { implement, type Implements } from '../../trpc/implement.ts'
import { getMe, logout } from './operations.ts'

export const sessionDeck = {
  me: implement(deck.session.me, async ({ deps, actor }) => {
    const me = await getMe(deps, actor)
    return {
      data: {
        user_id: me.userId,
        email: me.email,
        name: me.name,
        role: me.role,
        kind: me.kind,
        session_id: me.sessionId,
        api_key_id: me.apiKeyId,
        scopes: me.scopes === null ? null : [...me.scopes],
        strategy_ids: me.strategyIds === null ? null : [...me.strategyIds],
        expires_at: me.expiresAt === null ? null : formatInstant(me.expiresAt),
      },
    }
  }),
  logout: implement(deck.session.logout, async ({ deps, actor, caller }) => {
    await logout(deps, actor, caller)
    return { message: 'Logged out' }
  }),
} satisfies Implements<typeof deck.session>
