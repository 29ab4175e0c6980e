import type { Access, Endpoint, RateLimitClass } from '@quantdeck/contracts'
import { AppError } from '@quantdeck/domain'

import type { Context } from '../trpc/context.ts'
import { hasRole, principalOf, requireScope, type Actor } from './actor.ts'

export interface Gate {
  readonly access: Access
  readonly rateLimit: RateLimitClass
  /** tRPC queries of the dashboard have a wider limit than the same GET over REST. */
  readonly isRead: boolean
}

export function gateOf({ meta }: Pick<Endpoint, 'meta'>): Gate {
  return { access: meta.access, rateLimit: meta.rateLimit, isRead: meta.method === 'GET' }
}

/**
 * The one place where a call is let in: who is it, within the limit, allowed. In this order, so that guessing
 * tokens counts against the address and a refused call still shows its rate-limit headers.
 * @throws AppError UNAUTHORIZED, RATE_LIMIT_EXCEEDED, FORBIDDEN
 */
export async function admit(ctx: Context, gate: Gate): Promise<Actor> {
  const { deps, caller } = ctx
  let actor: Actor
  try {
    actor = await deps.auth.authenticate(caller, gate.access)
  } catch (error) {
    consume(ctx, gate, `ip:${caller.ip ?? 'unknown'}`)
    throw error
  }
  consume(ctx, gate, limitPrincipal(ctx, gate, actor))
  authorize(actor, gate.access)
  return actor
}

function limitPrincipal(ctx: Context, gate: Gate, actor: Actor): string {
  if (gate.rateLimit === 'login') return `ip:${ctx.caller.ip ?? 'unknown'}`
  if (ctx.door !== 'rest' && gate.isRead && actor.sessionId !== null) return `session:${actor.sessionId}`
  return principalOf(actor)
}

function consume(ctx: Context, gate: Gate, principal: string): void {
  const state = ctx.deps.limits.consume({
    limit: gate.rateLimit,
    principal,
    door: ctx.door,
    isRead: gate.isRead,
  })
  ctx.response.limit = state
  if (state === null || state.allowed) return
  const seconds = state.retryAfterSeconds
  throw new AppError('RATE_LIMIT_EXCEEDED', `Too many requests. Try again in ${seconds} seconds.`, {
    retryAfterSeconds: seconds,
  })
}

function authorize(actor: Actor, access: Access): void {
  if (access.role === 'public') return
  if (actor.kind === 'anonymous') {
    // Whether an anonymous caller may use this door at all was decided when it was authenticated.
    if (access.anonymous !== undefined) return
    throw new AppError('UNAUTHORIZED', 'Missing or invalid token')
  }
  if (!hasRole(actor, access.role)) throw new AppError('FORBIDDEN', `This needs the ${access.role} role`)
  if (actor.kind !== 'api_key') return
  if (access.scope === undefined) throw new AppError('FORBIDDEN', 'An API key may not do this')
  requireScope(actor, access.scope)
}
