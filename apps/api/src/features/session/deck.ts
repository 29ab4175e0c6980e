import { deck } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'

import { implement, type Implements } from '../../trpc/implement.ts'
import {
  changePassword,
  confirmPassword,
  createWsTicket,
  listSessions,
  logoutAll,
  revokeSession,
} from './operations-account.ts'
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
  logoutAll: implement(deck.session.logoutAll, async ({ deps, actor }) => ({
    message: 'Logged out everywhere',
    data: { ended_sessions: await logoutAll(deps, actor) },
  })),
  changePassword: implement(deck.session.changePassword, async ({ deps, actor, input }) => {
    const passwords = { currentPassword: input.current_password, newPassword: input.new_password }
    return {
      message: 'Password changed',
      data: { ended_sessions: await changePassword(deps, actor, passwords) },
    }
  }),
  confirm: implement(deck.session.confirm, async ({ deps, actor, input }) => ({
    message: 'Confirmed',
    data: { confirmed_until: formatInstant(await confirmPassword(deps, actor, input.password)) },
  })),
  wsTicket: implement(deck.session.wsTicket, async ({ deps, actor }) => {
    const { ticket, expiresInSeconds, expiresAt } = await createWsTicket(deps, actor)
    return { data: { ticket, expires_in: expiresInSeconds, expires_at: formatInstant(expiresAt) } }
  }),
} satisfies Implements<typeof deck.session>

export const sessionsDeck = {
  list: implement(deck.sessions.list, async ({ deps, actor, input }) => {
    const { sessions, totalCount } = await listSessions(deps, actor, input.limit)
    return {
      data: sessions.map((session) => ({
        session_id: session.sessionId,
        kind: session.kind,
        is_current: session.sessionId === actor.sessionId,
        created_at: formatInstant(session.createdAt),
        last_seen_at: formatInstant(session.lastSeenAt),
        expires_at: formatInstant(session.expiresAt),
        ip: session.ip,
        user_agent: session.userAgent,
      })),
      meta: { total_count: totalCount },
    }
  }),
  revoke: implement(deck.sessions.revoke, async ({ deps, actor, input }) => {
    await revokeSession(deps, actor, input.session_id)
    return { message: 'Session ended' }
  }),
} satisfies Implements<typeof deck.sessions>
