import type { Access, Endpoint, RateLimitClass } from '@quantdeck/contracts'
import { AppError, SECOND_MS } from '@quantdeck/domain'

import type { Context } from '../trpc/context.ts'
import { within } from '../within.ts'
import { hasRole, principalOf, requireScope, type Actor } from './actor.ts'
import { isListed } from './address-list.ts'

export interface Gate {
  readonly operationId: string
  readonly access: Access
  readonly rateLimit: RateLimitClass
  /** tRPC queries of the dashboard have a wider limit than the same GET over REST. */
  readonly isRead: boolean
}

export function gateOf({ meta }: Pick<Endpoint, 'meta'>): Gate {
  const { operationId, access, rateLimit } = meta
  return { operationId, access, rateLimit, isRead: meta.method === 'GET' }
}

/**
 * The one place where a call is let in: who is it, within the limit, allowed. In this order, so that guessing
 * tokens counts against the address and a refused call still shows its rate-limit headers.
 * @param readInput the raw input, read only where the limit depends on it
 * @throws AppError UNAUTHORIZED, RATE_LIMIT_EXCEEDED, FORBIDDEN
 */
export async function admit(ctx: Context, gate: Gate, readInput: () => Promise<unknown>): Promise<Actor> {
  const { deps, caller } = ctx
  let actor: Actor
  try {
    actor = await (gate.operationId === KILL_SWITCH
      ? identifyForStop(ctx, gate, readInput)
      : deps.auth.authenticate(caller, gate.access, needsFreshRole(gate)))
  } catch (error) {
    await consume(ctx, gate, { principal: addressOf(ctx), cost: 1, isNeverRefused: false })
    throw error
  }
  const principal = limitPrincipal(ctx, gate, actor)
  if (gate.rateLimit === 'ingest' || gate.rateLimit === 'controls') {
    authorize(actor, gate.access)
    const raw = await readInput()
    await consume(ctx, gate, {
      principal,
      cost: costOf(gate, raw, isLocalImport(ctx, actor)),
      isNeverRefused: isKillSwitchActivation(gate, raw),
    })
    return actor
  }
  await consume(ctx, gate, { principal, cost: 1, isNeverRefused: false })
  authorize(actor, gate.access)
  return actor
}

const KILL_SWITCH = 'set_kill_switch'
/** Whoever stops trading while the database does not answer is not kept waiting for it. */
const STOP_MS = SECOND_MS
/** For a release there is no other way. */
const RELEASE_MS = 8 * SECOND_MS

/** A stop works without the database, by what was last known of who asks; a release does not. */
async function identifyForStop(
  { deps, caller }: Context,
  gate: Gate,
  readInput: () => Promise<unknown>,
): Promise<Actor> {
  const asked = deps.auth.authenticate(caller, gate.access, true)
  const isStop = isKillSwitchActivation(gate, await readInput().catch(() => null))
  try {
    return await within(asked, isStop ? STOP_MS : RELEASE_MS)
  } catch (error) {
    if (error instanceof AppError) throw error
    deps.log.error({ err: error }, 'the database did not say who uses the kill switch')
    if (isStop) return deps.auth.recall(caller)
    throw new AppError('SERVICE_UNAVAILABLE', 'The database does not answer', { retryAfterSeconds: 2 })
  }
}

/** Where being late by a second would matter: controls, and what only admins may change. */
function needsFreshRole({ rateLimit, access, isRead }: Gate): boolean {
  return rateLimit === 'controls' || (access.role === 'admin' && !isRead)
}

function addressOf(ctx: Context): string {
  return `ip:${ctx.caller.ip ?? 'unknown'}`
}

function limitPrincipal(ctx: Context, gate: Gate, actor: Actor): string {
  if (gate.rateLimit === 'login') return addressOf(ctx)
  if (ctx.door !== 'rest' && gate.isRead && actor.sessionId !== null) return `session:${actor.sessionId}`
  return principalOf(actor)
}

function fieldOf(raw: unknown, name: string): unknown {
  return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)[name] : undefined
}

/**
 * Rows of a file count one per hundred for the command line on the server's own machine, and for nobody else: at 6,000
 * a minute ten years of minutes would take a day (ADR 0009).
 */
const IMPORTED_ROWS_PER_ITEM = 100

/** The server's own key for its command line, on this machine and not through a proxy. */
function isLocalImport({ deps, caller }: Context, actor: Actor): boolean {
  return deps.auth.isCommandLine(actor) && !caller.forwarded && isListed(caller.ip, ['127.0.0.0/8', '::1'])
}

/** Ingestion is limited by items, however they are packed. */
function costOf(gate: Gate, raw: unknown, isLocal: boolean): number {
  if (gate.rateLimit !== 'ingest' || typeof raw !== 'object' || raw === null) return 1
  const lengths = Object.values(raw).map((value) => (Array.isArray(value) ? value.length : 1))
  const isImport = isLocal && typeof fieldOf(raw, 'file_name') === 'string'
  return Math.max(1, Math.ceil(Math.max(...lengths) / (isImport ? IMPORTED_ROWS_PER_ITEM : 1)))
}

/** Stopping is cheap and always possible; only releasing is counted out. */
function isKillSwitchActivation(gate: Gate, raw: unknown): boolean {
  return gate.operationId === KILL_SWITCH && fieldOf(raw, 'action') === 'activate'
}

interface Consumption {
  principal: string
  cost: number
  isNeverRefused: boolean
}

async function consume(
  ctx: Context,
  gate: Gate,
  { principal, cost, isNeverRefused }: Consumption,
): Promise<void> {
  const { door } = ctx
  const { rateLimit: limit, isRead } = gate
  const pending = ctx.deps.limits.consume({ limit, isRead, principal, cost, door })
  const state = pending instanceof Promise ? await pending : pending
  ctx.response.limit = state
  if (state === null || state.allowed || isNeverRefused) return
  const seconds = state.retryAfterSeconds
  throw new AppError('RATE_LIMIT_EXCEEDED', `Too many requests. Try again in ${seconds} seconds.`, {
    retryAfterSeconds: seconds,
  })
}

/** @throws AppError UNAUTHORIZED, FORBIDDEN */
export function authorize(actor: Actor, access: Access): void {
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
