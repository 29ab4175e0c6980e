import { deck } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'

import { implement, type Implements } from '../../trpc/implement.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './operations.ts'
import { presentApiKey } from './present-deck.ts'

export const apiKeysDeck = {
  list: implement(deck.apiKeys.list, async ({ deps, actor }) => {
    const keys = await listApiKeys(deps, actor)
    return { data: keys.map(presentApiKey), meta: { total_count: keys.length } }
  }),
  create: implement(deck.apiKeys.create, async ({ deps, actor, input }) => {
    const { apiKey, key } = await createApiKey(deps, actor, {
      name: input.name,
      scopes: input.scopes,
      strategyIds: input.strategy_ids ?? null,
      expiresAt: input.expires_at === undefined ? null : new Date(input.expires_at),
      ipAllowList: input.ip_allow_list ?? null,
    })
    return { message: 'API key created', data: { ...presentApiKey(apiKey), key } }
  }),
  revoke: implement(deck.apiKeys.revoke, async ({ deps, actor, input }) => {
    const { apiKeyId, revokedAt } = await revokeApiKey(deps, actor, input.api_key_id)
    return {
      message: 'API key revoked',
      data: { api_key_id: apiKeyId, revoked_at: formatInstant(revokedAt ?? deps.clock.now()) },
    }
  }),
} satisfies Implements<typeof deck.apiKeys>
