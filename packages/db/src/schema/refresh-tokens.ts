export const REFRESH_TOKEN_STATUSES = ['ACTIVE', 'ROTATED', 'REVOKED'] as const
export type RefreshTokenStatus = (typeof REFRESH_TOKEN_STATUSES)[number]

export interface RefreshTokensTable {
  tokenHash: string
  sessionId: string
  parentHash: string | null
  status: RefreshTokenStatus
  issuedAt: Date
  expiresAt: Date
  rotatedAt: Date | null
  successorSealed: string | null
}
