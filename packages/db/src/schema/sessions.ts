import type { Generated } from 'kysely'

export const SESSION_KINDS = ['browser', 'token'] as const
export type SessionKind = (typeof SESSION_KINDS)[number]

export interface SessionsTable {
  sessionId: Generated<string>
  userId: string
  kind: SessionKind
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  revokedAt: Date | null
  ip: string | null
  userAgent: string | null
  /** When the password was last confirmed for dangerous actions. */
  confirmedAt: Date | null
}
