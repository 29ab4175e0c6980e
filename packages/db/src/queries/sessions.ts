import type { Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { SessionsTable } from '../schema/sessions.ts'
import { given, isUuid } from './values.ts'

export type Session = Selectable<SessionsTable>
export type NewSession = Omit<Session, 'revokedAt' | 'confirmedAt'>

export async function insertSession(db: Queryable, session: NewSession): Promise<void> {
  await db.insertInto('sessions').values(session).execute()
}

export async function findSession(db: Queryable, sessionId: string): Promise<Session | null> {
  if (!isUuid(sessionId)) return null
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .executeTakeFirst()
  return row ?? null
}

/** Neither revoked nor expired, recent first; of one user or of all. */
export async function listActiveSessions(
  db: Queryable,
  now: Date,
  userId?: string,
  limit?: number,
): Promise<Session[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where((eb) => eb.and(given(userId, (id) => eb('userId', '=', id))))
    .orderBy('createdAt', 'desc')
    .orderBy('sessionId')
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .execute()
}

/** Of one user. */
export async function countActiveSessions(db: Queryable, now: Date, userId: string): Promise<number> {
  const { count } = await db
    .selectFrom('sessions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where('userId', '=', userId)
    .executeTakeFirstOrThrow()
  return count
}

export async function touchSession(
  db: Queryable,
  sessionId: string,
  seen: { lastSeenAt: Date; expiresAt?: Date },
): Promise<void> {
  await db.updateTable('sessions').set(seen).where('sessionId', '=', sessionId).execute()
}

/** @returns false if it was revoked before or does not exist */
export async function revokeSession(db: Queryable, sessionId: string, at: Date): Promise<boolean> {
  const row = await db
    .updateTable('sessions')
    .set({ revokedAt: at })
    .where('sessionId', '=', sessionId)
    .where('revokedAt', 'is', null)
    .returning('sessionId')
    .executeTakeFirst()
  return row !== undefined
}

/** @returns the ids of the sessions that end now */
export async function revokeSessionsOfUser(
  db: Queryable,
  userId: string,
  at: Date,
  exceptSessionId?: string,
): Promise<string[]> {
  const rows = await db
    .updateTable('sessions')
    .set({ revokedAt: at })
    .where('userId', '=', userId)
    .where('revokedAt', 'is', null)
    .where((eb) => eb.and(given(exceptSessionId, (id) => eb('sessionId', '!=', id))))
    .returning('sessionId')
    .execute()
  return rows.map(({ sessionId }) => sessionId)
}

/** Its user typed the password again: dangerous actions are open for some minutes. */
export async function confirmSession(db: Queryable, sessionId: string, at: Date): Promise<void> {
  await db.updateTable('sessions').set({ confirmedAt: at }).where('sessionId', '=', sessionId).execute()
}

/**
 * Did the user of this email log in from this address since? One statement for known and unknown emails alike, so
 * that its time tells nothing.
 */
export async function hasLoggedInFrom(
  db: Queryable,
  login: { email: string; ip: string; since: Date },
): Promise<boolean> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.userId', 'sessions.userId')
    .select('sessions.sessionId')
    .where('users.email', '=', login.email.toLowerCase())
    .where('sessions.ip', '=', login.ip)
    .where('sessions.createdAt', '>', login.since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** From where a user logged in within a span of time, each address once. */
export async function listLoginAddresses(
  db: Queryable,
  userId: string,
  { since, before }: { since: Date; before: Date },
): Promise<string[]> {
  const rows = await db
    .selectFrom('sessions')
    .select('ip')
    .distinct()
    .where('userId', '=', userId)
    .where('ip', 'is not', null)
    .where('createdAt', '>', since)
    .where('createdAt', '<', before)
    .execute()
  return rows.flatMap(({ ip }) => (ip === null ? [] : [ip]))
}
