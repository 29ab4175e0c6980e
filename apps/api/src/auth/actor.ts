import { AppError, ROLES, type Role } from '@quantdeck/domain'

export const SCOPES = ['read', 'signals', 'orders', 'market_data', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** Who asks. Resolved once per call from a session, an API key or the lack of both. */
export interface Actor {
  readonly kind: 'user' | 'api_key' | 'anonymous' | 'system'
  readonly userId: string | null
  /** What audit rows and "changed by" show: an email, a key's name, `demo`. */
  readonly label: string
  /** A key has the role of its owner, narrowed by its scopes. Anonymous callers have none. */
  readonly role: Role | null
  readonly sessionId: string | null
  readonly apiKeyId: string | null
  /** Null: not limited by scopes (people and the system). */
  readonly scopes: readonly Scope[] | null
  /** Null: not limited to some strategies (people, the system, unrestricted keys). */
  readonly strategyIds: readonly string[] | null
  readonly requestId: string
  readonly ip: string | null
}

export function anonymousActor(requestId: string, ip: string | null): Actor {
  return {
    kind: 'anonymous',
    userId: null,
    label: 'anonymous',
    role: null,
    sessionId: null,
    apiKeyId: null,
    scopes: null,
    strategyIds: null,
    requestId,
    ip,
  }
}

/** The house itself: jobs, at-trade controls, the demo. Passes every check, and is named in the audit log. */
export function systemActor(label: string, requestId = `sys-${label}`): Actor {
  return { ...anonymousActor(requestId, null), kind: 'system', label, role: 'admin' }
}

/** viewer < trader < risk < admin. */
export function hasRole(actor: Actor, minimum: Role): boolean {
  return actor.role !== null && ROLES.indexOf(actor.role) >= ROLES.indexOf(minimum)
}

/**
 * First line of an operation: the rule holds whatever door led there.
 * @throws AppError FORBIDDEN
 */
export function requireRole(actor: Actor, minimum: Role): void {
  if (!hasRole(actor, minimum)) throw new AppError('FORBIDDEN', `This needs the ${minimum} role`)
}

/** @throws AppError FORBIDDEN unless the actor is a person (never a key) with at least this role */
export function requirePerson(actor: Actor, minimum: Role): void {
  requireRole(actor, minimum)
  if (actor.kind === 'api_key') throw new AppError('FORBIDDEN', 'An API key may not do this')
}

/** @throws AppError FORBIDDEN when a key lacks the scope */
export function requireScope(actor: Actor, scope: Scope): void {
  if (actor.scopes === null || actor.scopes.includes(scope) || actor.scopes.includes('admin')) return
  throw new AppError('FORBIDDEN', `The API key lacks the scope ${scope}`)
}

/** Rate limits and idempotency keys belong to this: the user, the key, else the address. */
export function principalOf(actor: Actor): string {
  if (actor.kind === 'api_key') return `key:${actor.apiKeyId}`
  if (actor.userId !== null) return `user:${actor.userId}`
  return `ip:${actor.ip ?? 'unknown'}`
}
