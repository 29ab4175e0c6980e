import type { RateLimitClass } from '@quantdeck/contracts'
import type { Clock } from '@quantdeck/domain'

import type { Door } from './caller.ts'
import { MemoryWindows, type WindowState, type WindowStore } from './sliding-window.ts'

/** `document-read` and the rest are the contract's classes; `dashboard` is a session's tRPC queries. */
export type LimitName = Exclude<RateLimitClass, 'none'> | 'dashboard'
/** Requests (or ingested items) per 60 seconds. */
export type LimitTable = Record<LimitName, number>

export const DOCUMENTED_LIMITS: LimitTable = {
  'document-read': 100,
  'added-read': 300,
  write: 60,
  controls: 10,
  runs: 5,
  ingest: 6_000,
  login: 30,
  dashboard: 1_200,
}

export type LimitState = WindowState

export interface LimitRequest {
  readonly limit: RateLimitClass
  readonly principal: string
  readonly door: Door
  readonly isRead: boolean
  /** How much it counts: items of an ingestion, else 1. */
  readonly cost?: number
}

const WINDOW_MS = 60_000
const SLOT_MS = 250

/** The limits of the contract: no 60 seconds, wherever they start, see more than the limit. */
export class RateLimiter {
  readonly #table: LimitTable | null
  readonly #store: WindowStore

  /** A null table switches limits off. Without a store they are counted in this process. */
  constructor(clock: Clock, table: LimitTable | null, store: WindowStore = new MemoryWindows(clock)) {
    this.#table = table
    this.#store = store
  }

  /** Counts a request if it is within its limit. Null: this class has none. A promise only where a store is remote. */
  consume(request: LimitRequest): LimitState | Promise<LimitState> | null {
    const name = limitName(request)
    if (name === null || this.#table === null) return null
    const spec = { limit: this.#table[name], cost: request.cost ?? 1, windowMs: WINDOW_MS, slotMs: SLOT_MS }
    return this.#store.take(`${name}|${request.principal}`, spec)
  }
}

function limitName(request: LimitRequest): LimitName | null {
  if (request.limit === 'none') return null
  if (request.door !== 'rest' && request.isRead) return 'dashboard'
  return request.limit
}
