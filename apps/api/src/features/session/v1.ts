import { v1 } from '@quantdeck/contracts'

import type { IssuedTokens } from '../../auth/session-service.ts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { login, refresh } from './operations.ts'

function presentTokens(tokens: IssuedTokens) {
  return {
    access_token: tokens.accessToken,
    expires_in: tokens.expiresInSeconds,
    refresh_token: tokens.refreshToken,
    refresh_expires_in: tokens.refreshExpiresInSeconds,
  }
}

export const authV1 = {
  login: implement(v1.auth.login, async ({ deps, caller, input }) => ({
    ...presentTokens(await login(deps, caller, input)),
    token_type: 'bearer' as const,
  })),
  refresh: implement(v1.auth.refresh, async ({ deps, caller }) => presentTokens(await refresh(deps, caller))),
} satisfies Implements<typeof v1.auth>
