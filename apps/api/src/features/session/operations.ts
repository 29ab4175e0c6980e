import { findApiKey, findSession, findUser } from '@quantdeck/db'
import { AppError, notFound, type Role } from '@quantdeck/domain'

import { requireRole, type Actor, type Scope } from '../../auth/actor.ts'
import type { Caller } from '../../auth/caller.ts'
import type { IssuedTokens } from '../../auth/session-service.ts'
import type { CoreDeps } from '../../deps.ts'

export interface Credentials {
  email: string
  password: string
}

/** For programs: the refresh token is in the answer. Open to everybody; the throttle is in the session service. */
export function login(deps: CoreDeps, caller: Caller, credentials: Credentials): Promise<IssuedTokens> {
  return deps.auth.sessions.login(credentials, caller, 'token')
}

/** For the dashboard: the refresh token goes into a cookie that no script can read. */
export function loginBrowser(
  deps: CoreDeps,
  caller: Caller,
  credentials: Credentials,
): Promise<IssuedTokens> {
  requireOwnPage(caller)
  return deps.auth.sessions.login(credentials, caller, 'browser')
}

export function loginWithLink(deps: CoreDeps, caller: Caller, token: string): Promise<IssuedTokens> {
  requireOwnPage(caller)
  return deps.auth.sessions.loginWithLink(token, caller)
}

export function refresh(deps: CoreDeps, caller: Caller): Promise<IssuedTokens> {
  return deps.auth.sessions.refresh(caller.bearer, caller)
}

export function refreshBrowser(deps: CoreDeps, caller: Caller): Promise<IssuedTokens> {
  requireOwnPage(caller)
  return deps.auth.sessions.refresh(caller.refreshCookie, caller)
}

export async function logout(deps: CoreDeps, actor: Actor, caller: Caller): Promise<void> {
  requireRole(actor, 'viewer')
  if (actor.sessionId === null) throw new AppError('FORBIDDEN', 'An API key has no session to end')
  await deps.auth.sessions.logout(actor.sessionId, caller)
}

export async function logoutBrowser(deps: CoreDeps, caller: Caller): Promise<void> {
  requireOwnPage(caller)
  if (caller.refreshCookie === null) return
  await deps.auth.sessions.logoutByRefreshToken(caller.refreshCookie, caller)
}

/** Cookies travel by themselves: what they authorise must come from our own page, which alone can set the header. */
function requireOwnPage(caller: Caller): void {
  if (!caller.originAllowed || !caller.customHeader) {
    throw new AppError('FORBIDDEN', 'Only the dashboard may do this')
  }
}

export interface Me {
  userId: string
  email: string
  name: string
  role: Role
  kind: 'user' | 'api_key'
  sessionId: string | null
  apiKeyId: string | null
  scopes: readonly Scope[] | null
  strategyIds: readonly string[] | null
  expiresAt: Date | null
}

export async function getMe(deps: CoreDeps, actor: Actor): Promise<Me> {
  requireRole(actor, 'viewer')
  const { kysely } = deps.db
  const user = actor.userId === null ? null : await findUser(kysely, actor.userId)
  if (user === null) throw notFound('User')
  const { sessionId, apiKeyId, scopes, strategyIds } = actor
  const holder =
    sessionId === null ? await findApiKey(kysely, apiKeyId ?? '') : await findSession(kysely, sessionId)
  const { userId, email, name, role } = user
  const kind = apiKeyId === null ? 'user' : 'api_key'
  const expiresAt = holder?.expiresAt ?? null
  return { userId, email, name, role, kind, sessionId, apiKeyId, scopes, strategyIds, expiresAt }
}
