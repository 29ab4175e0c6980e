import type { Generated } from 'kysely'

export interface ApiKeysTable {
  apiKeyId: Generated<string>
  userId: string
  name: string
  prefix: string
  keyHash: string
  scopes: string[]
  strategyIds: string[] | null
  ipAllowList: string[] | null
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
}
