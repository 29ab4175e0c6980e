import {
  findApiKey,
  findApiKeyByHash,
  findSession,
  findUser,
  type ApiKey,
  type Queryable,
  type Session,
  type User,
} from '@quantdeck/db'

/** A session or key together with what its user may do now. */
export interface SessionView {
  readonly session: Session
  readonly user: User
}
export interface ApiKeyView {
  readonly key: ApiKey
  readonly owner: User
}

export async function findSessionView(db: Queryable, sessionId: string): Promise<SessionView | null> {
  const session = await findSession(db, sessionId)
  const user = session === null ? null : await findUser(db, session.userId)
  return session === null || user === null ? null : { session, user }
}

export async function findApiKeyView(db: Queryable, keyHash: string): Promise<ApiKeyView | null> {
  return withOwner(db, await findApiKeyByHash(db, keyHash))
}

export async function findApiKeyViewById(db: Queryable, apiKeyId: string): Promise<ApiKeyView | null> {
  return withOwner(db, await findApiKey(db, apiKeyId))
}

async function withOwner(db: Queryable, key: ApiKey | null): Promise<ApiKeyView | null> {
  const owner = key === null ? null : await findUser(db, key.userId)
  return key === null || owner === null ? null : { key, owner }
}

export function isOpen({ session, user }: SessionView, at: Date): boolean {
  return session.revokedAt === null && session.expiresAt > at && user.status === 'active'
}
