import type { Selectable } from 'kysely'
import type { Queryable, Trx } from '../client.ts'
import type { RefreshTokensTable } from '../schema/refresh-tokens.ts'

/** One link of a session's chain: ACTIVE, then ROTATED with a sealed successor, or REVOKED. */
export type RefreshToken = Selectable<RefreshTokensTable>

export async function insertRefreshToken(
  db: Queryable,
  token: Pick<RefreshToken, 'tokenHash' | 'sessionId' | 'parentHash' | 'issuedAt' | 'expiresAt'>,
): Promise<void> {
  await db
    .insertInto('refreshTokens')
    .values({ ...token, status: 'ACTIVE' })
    .execute()
}

/** Locked, so that two tabs that refresh at once are served one after the other. */
export async function lockRefreshToken(trx: Trx, tokenHash: string): Promise<RefreshToken | null> {
  const row = await trx
    .selectFrom('refreshTokens')
    .selectAll()
    .where('tokenHash', '=', tokenHash)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/**
 * The session of a token, locked: whoever rotates a token and whoever ends its family take the session first, or each
 * would wait for what the other one holds.
 * @returns false for an unknown token
 */
export async function lockSessionOfRefreshToken(trx: Trx, tokenHash: string): Promise<boolean> {
  const row = await trx
    .selectFrom('sessions')
    .innerJoin('refreshTokens', 'refreshTokens.sessionId', 'sessions.sessionId')
    .select('sessions.sessionId')
    .where('refreshTokens.tokenHash', '=', tokenHash)
    .forUpdate('sessions')
    .executeTakeFirst()
  return row !== undefined
}

export async function markRefreshTokenRotated(
  db: Queryable,
  tokenHash: string,
  rotation: { rotatedAt: Date; successorSealed: string },
): Promise<void> {
  await db
    .updateTable('refreshTokens')
    .set({ status: 'ROTATED', ...rotation })
    .where('tokenHash', '=', tokenHash)
    .execute()
}

/** Ends a whole family. @returns how many were not revoked before */
export async function revokeRefreshTokens(db: Queryable, sessionId: string): Promise<number> {
  const result = await db
    .updateTable('refreshTokens')
    .set({ status: 'REVOKED', successorSealed: null })
    .where('sessionId', '=', sessionId)
    .where('status', '!=', 'REVOKED')
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

export async function pruneRefreshTokens(db: Queryable, expiredBefore: Date): Promise<number> {
  const result = await db
    .deleteFrom('refreshTokens')
    .where('expiresAt', '<', expiredBefore)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
