import type { RefreshToken } from '@quantdeck/db'
import { SECOND_MS } from '@quantdeck/domain'

/** Two tabs that refresh at once both hold the parent: within this time both get the same successor. */
const REPLAY_MS = 10 * SECOND_MS

/**
 * What becomes of a family (the tokens of one session) when one of its tokens is presented.
 * rotate: it is used up and has a successor; replay: the successor it already has; reuse: somebody has a copy, the whole
 * family ends; refuse: nothing changes.
 */
export type RefreshVerdict = 'rotate' | 'replay' | 'reuse' | 'refuse'

export interface PresentedToken {
  token: Pick<RefreshToken, 'status' | 'rotatedAt' | 'expiresAt'>
  /** Of the token it was rotated into; null: there is none that could be answered again. */
  successor: Pick<RefreshToken, 'status'> | null
  /** Neither ended nor expired, its user active. */
  isSessionOpen: boolean
}

/** The machine of a refresh family: ACTIVE -> ROTATED -> (used again) REVOKED, all of it. Pure. */
export function judgeRefresh({ token, successor, isSessionOpen }: PresentedToken, at: Date): RefreshVerdict {
  if (!isSessionOpen) return 'refuse'
  if (token.status === 'ACTIVE') return token.expiresAt <= at ? 'refuse' : 'rotate'
  const wasNow = token.rotatedAt !== null && isRecent(token.rotatedAt, at)
  return token.status === 'ROTATED' && wasNow && successor?.status === 'ACTIVE' ? 'replay' : 'reuse'
}

/** May a rotated token still be a second tab's? */
export function isRecent(rotatedAt: Date, at: Date): boolean {
  return at.getTime() - rotatedAt.getTime() <= REPLAY_MS
}
