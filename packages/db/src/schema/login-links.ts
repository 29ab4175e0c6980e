export interface LoginLinksTable {
  tokenHash: string
  userId: string
  createdAt: Date
  expiresAt: Date
  usedAt: Date | null
}
