import { findSession } from '@quantdeck/db'
import { AppError, MINUTE_MS } from '@quantdeck/domain'

import type { CoreDeps } from '../deps.ts'
import type { Actor } from './actor.ts'

export const CONFIRMED_MS = 5 * MINUTE_MS

/**
 * Dangerous actions ask for the password again: whoever finds an open session, or steals its token, has not got it.
 * @throws AppError FORBIDDEN unless this session confirmed its password within the last 5 minutes
 */
export async function requireConfirmed(deps: CoreDeps, actor: Actor): Promise<void> {
  const session = actor.sessionId === null ? null : await findSession(deps.db.kysely, actor.sessionId)
  const confirmedAtMs = session?.confirmedAt?.getTime() ?? -Infinity
  if (deps.clock.nowMs() - confirmedAtMs < CONFIRMED_MS) return
  throw new AppError('FORBIDDEN', 'Confirm your password first', {
    details: [{ field: 'session', message: 'POST /v1/auth/confirm opens this for 5 minutes' }],
  })
}
