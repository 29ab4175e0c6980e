import type { Actor } from '../auth/actor.ts'
import type { Caller, Door } from '../auth/caller.ts'
import type { LimitState } from '../auth/rate-limits.ts'
import type { Deps } from '../deps.ts'

/** What a handler wants said besides its body. The REST bridge renders it; tRPC over HTTP sets the headers. */
export interface ResponseState {
  /** Overrides the endpoint's status (200 for a replay, 202 for "approval required", 503 for an unhealthy answer). */
  status: number | null
  readonly headers: Record<string, string>
  /** Set-Cookie lines. */
  readonly cookies: string[]
  limit: LimitState | null
  /** True where a handler may leave its text in `stream` and return an empty one. */
  readonly canStream: boolean
  stream: AsyncIterable<string> | null
}

export function newResponseState({ canStream = false } = {}): ResponseState {
  return { status: null, headers: {}, cookies: [], limit: null, canStream, stream: null }
}

export interface Context {
  readonly deps: Deps
  readonly door: Door
  readonly caller: Caller
  readonly response: ResponseState
  /** Where the door has let the caller in already, counted and authorised. */
  readonly admitted?: Actor
  /** REST's Idempotency-Key, else null. */
  readonly idempotencyKey: string | null
  /** REST's If-Match without its quotes, else null. */
  readonly ifMatch: string | null
  /** WebSocket only: bytes that the client has not taken yet. */
  readonly backlogBytes?: () => number
}

/** What the guard adds for the procedures behind it. */
export interface GuardedContext extends Context {
  readonly actor: Actor
}
