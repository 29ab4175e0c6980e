import * as rows from '@quantdeck/db'
import { transaction, type Session } from '@quantdeck/db'
import { AppError, ensureDefined, notFound, SECOND_MS } from '@quantdeck/domain'

import { announceAccessChange } from '../../auth/access-events.ts'
import { hasRole, requirePerson, requireRole, requireScope, type Actor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { CONFIRMED_MS } from '../../auth/confirmation.ts'
import { endSessions } from '../../auth/end-sessions.ts'
import { assertGoodPassword } from '../../auth/password-rules.ts'
import { hashSecret, newSecret } from '../../auth/secrets.ts'
import type { CoreDeps } from '../../deps.ts'

const TICKET_MS = 30 * SECOND_MS

interface Person {
  userId: string
  sessionId: string
}

/** @throws AppError FORBIDDEN for whoever has no session: a key, the house itself */
function personOf(actor: Actor): Person {
  requirePerson(actor, 'viewer')
  const { userId, sessionId } = actor
  if (userId === null || sessionId === null) throw new AppError('FORBIDDEN', 'This needs a session')
  return { userId, sessionId }
}

/** The most recent of one's own open sessions, and how many there are. */
export async function listSessions(
  { db, clock }: CoreDeps,
  actor: Actor,
  limit: number,
): Promise<{ sessions: Session[]; totalCount: number }> {
  const { userId } = personOf(actor)
  const now = clock.now()
  const sessions = await rows.listActiveSessions(db.kysely, now, userId, limit)
  const isAll = sessions.length < limit
  return {
    sessions,
    totalCount: isAll ? sessions.length : await rows.countActiveSessions(db.kysely, now, userId),
  }
}

/**
 * Ends one's own session; an admin may end anybody's. Another's reads as unknown, and so does one that has ended.
 * @throws AppError NOT_FOUND
 */
export async function revokeSession(deps: CoreDeps, actor: Actor, sessionId: string): Promise<void> {
  const { userId } = personOf(actor)
  const at = deps.clock.now()
  await transaction(deps.db, async (trx) => {
    const session = await rows.findSession(trx, sessionId)
    const isMine = session?.userId === userId
    if (session === null || (!isMine && !hasRole(actor, 'admin'))) throw notFound('Session')
    if (!(await rows.revokeSession(trx, session.sessionId, at))) throw notFound('Session')
    await rows.revokeRefreshTokens(trx, session.sessionId)
    await rows.appendAudit(trx, [
      {
        ...auditFacts(actor, at),
        action: 'session.revoke',
        entity: 'session',
        entityId: session.sessionId,
        before: null,
        after: { user_id: session.userId },
        reason: null,
      },
    ])
    await announceAccessChange(trx, session.userId, at)
  })
  deps.auth.accessChanged()
}

/** Ends all of one's own sessions, this one included. @returns how many */
export async function logoutAll(deps: CoreDeps, actor: Actor): Promise<number> {
  const { userId } = personOf(actor)
  const at = deps.clock.now()
  const ended = await transaction(deps.db, async (trx) => {
    const count = await endSessions(trx, { userId, at })
    await rows.appendAudit(trx, [userEntry(actor, { userId, at, action: 'session.logout_all', count })])
    return count
  })
  deps.auth.accessChanged()
  return ended
}

/**
 * Ends all other sessions of the user. API keys go on: they have their own list.
 * @throws AppError FORBIDDEN for a wrong current password, VALIDATION_ERROR for a bad new one, RATE_LIMIT_EXCEEDED
 * @returns how many sessions ended
 */
export async function changePassword(
  deps: CoreDeps,
  actor: Actor,
  input: { currentPassword: string; newPassword: string },
): Promise<number> {
  const { userId, sessionId } = personOf(actor)
  assertGoodPassword(input.newPassword, { email: actor.label, field: 'new_password' })
  const verifiedHash = await assertPassword(deps, actor, input.currentPassword, 'current_password')
  const passwordHash = await deps.auth.passwords.hash(input.newPassword)
  const at = deps.clock.now()
  const ended = await transaction(deps.db, async (trx) => {
    const user = await rows.lockUser(trx, userId)
    if (user?.passwordHash !== verifiedHash) throw new AppError('CONFLICT', 'The password was just changed')
    await rows.updateUser(trx, userId, { passwordHash, updatedAt: at })
    const count = await endSessions(trx, { userId, at, except: sessionId })
    await rows.appendAudit(trx, [userEntry(actor, { userId, at, action: 'user.password', count })])
    return count
  })
  deps.auth.accessChanged()
  return ended
}

/**
 * The session may do dangerous things for 5 minutes.
 * @throws AppError FORBIDDEN for a wrong password, RATE_LIMIT_EXCEEDED after five of them in 15 minutes
 */
export async function confirmPassword(deps: CoreDeps, actor: Actor, password: string): Promise<Date> {
  const { sessionId, userId } = personOf(actor)
  await assertPassword(deps, actor, password, 'password')
  const at = deps.clock.now()
  await transaction(deps.db, async (trx) => {
    await rows.confirmSession(trx, sessionId, at)
    await rows.appendAudit(trx, [userEntry(actor, { userId, at, action: 'session.confirm' })])
  })
  return new Date(at.getTime() + CONFIRMED_MS)
}

export interface WsTicket {
  ticket: string
  expiresInSeconds: number
  expiresAt: Date
}

/** Opens the signal stream once, within 30 s, with the rights of the session or key that asked. Stored as a hash. */
export async function createWsTicket(deps: CoreDeps, actor: Actor): Promise<WsTicket> {
  requireRole(actor, 'viewer')
  requireScope(actor, 'read')
  const { userId, sessionId, apiKeyId } = actor
  if (userId === null) throw new AppError('FORBIDDEN', 'This needs a session or an API key')
  const ticket = newSecret('qt_')
  const createdAt = deps.clock.now()
  const expiresAt = new Date(createdAt.getTime() + TICKET_MS)
  const row = { ticketHash: hashSecret(ticket), userId, sessionId, apiKeyId, createdAt, expiresAt }
  await rows.insertWsTicket(deps.db.kysely, row)
  return { ticket, expiresInSeconds: TICKET_MS / SECOND_MS, expiresAt }
}

/** @returns the hash it was verified against */
async function assertPassword(
  deps: CoreDeps,
  actor: Actor,
  password: string,
  field: string,
): Promise<string> {
  const { userId, sessionId } = personOf(actor)
  const takeBack = await deps.auth.throttle.beginConfirmation(sessionId)
  const user = ensureDefined(await rows.findUser(deps.db.kysely, userId), 'the user of a session')
  if (!(await deps.auth.passwords.verify(user.passwordHash, password))) {
    throw new AppError('FORBIDDEN', 'Wrong password', { details: [{ field, message: 'Is wrong' }] })
  }
  await takeBack()
  return user.passwordHash
}

function userEntry(
  actor: Actor,
  { userId, at, action, count }: { userId: string; at: Date; action: string; count?: number },
): rows.NewAuditEntry {
  const after = count === undefined ? null : { ended_sessions: count }
  return {
    ...auditFacts(actor, at),
    action,
    entity: 'user',
    entityId: userId,
    before: null,
    after,
    reason: null,
  }
}
