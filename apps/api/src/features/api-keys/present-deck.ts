import { formatInstant } from '@quantdeck/domain'

import type { Scope } from '../../auth/actor.ts'
import type { createApiKey } from './operations.ts'

type ApiKey = Awaited<ReturnType<typeof createApiKey>>['apiKey']

function instantOrNull(at: Date | null): string | null {
  return at === null ? null : formatInstant(at)
}

export function presentApiKey(key: ApiKey) {
  return {
    api_key_id: key.apiKeyId,
    name: key.name,
    prefix: key.prefix,
    // The table's check constraint allows these only.
    scopes: key.scopes as Scope[],
    strategy_ids: key.strategyIds,
    ip_allow_list: key.ipAllowList,
    created_at: formatInstant(key.createdAt),
    expires_at: instantOrNull(key.expiresAt),
    last_used_at: instantOrNull(key.lastUsedAt),
    revoked_at: instantOrNull(key.revokedAt),
  }
}
