import { revokeRefreshTokens, revokeSessionsOfUser, type Trx } from '@quantdeck/db'

import { announceAccessChange } from './access-events.ts'

/** Ends a user's open sessions with all of their refresh tokens, and tells every instance. @returns how many */
export async function endSessions(
  trx: Trx,
  { userId, at, except }: { userId: string; at: Date; except?: string },
): Promise<number> {
  const ended = await revokeSessionsOfUser(trx, userId, at, except)
  for (const sessionId of ended) await revokeRefreshTokens(trx, sessionId)
  await announceAccessChange(trx, userId, at)
  return ended.length
}
