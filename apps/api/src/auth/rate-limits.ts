import type { RateLimitClass } from '@quantdeck/contracts'
import type { Clock } from '@quantdeck/domain'

import type { Door } from './caller.ts'

/** `document-read` and the rest are the contract's classes; `dashboard` is a session's tRPC queries, `items` ingested rows. */
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

export interface LimitState {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Unix seconds at which the oldest counted request leaves the window. */
  readonly resetAtSeconds: number
  readonly retryAfterSeconds: number
}

export interface LimitRequest {
  readonly limit: RateLimitClass
  readonly principal: string
  readonly door: Door
  readonly isRead: boolean
  /** How much it counts: items of an ingestion, else 1. */
  readonly cost?: number
}

const WINDOW_MS = 60_000
/** Requests are counted in slots; a slot leaves when all of it is older than the window, so the limit is never exceeded. */
const SLOT_MS = 250
const MAX_WINDOWS = 100_000

interface Window {
  /** Slot number and count, oldest first. */
  slots: { slot: number; count: number }[]
  total: number
}

/** Sliding windows in memory: no 60 seconds, wherever they start, see more than the limit. */
export class RateLimiter {
  readonly #windows = new Map<string, Window>()
  readonly #clock: Clock
  readonly #table: LimitTable | null

  /** A null table switches limits off. */
  constructor(clock: Clock, table: LimitTable | null) {
    this.#clock = clock
    this.#table = table
  }

  /** Counts a request if it is within its limit. Null: this class has none. */
  consume(request: LimitRequest): LimitState | null {
    const name = limitName(request)
    if (name === null || this.#table === null) return null
    const limit = this.#table[name]
    const cost = request.cost ?? 1
    const now = this.#clock.nowMs()
    const window = this.#window(`${name}|${request.principal}`, now)
    const allowed = window.total + cost <= limit
    if (allowed) add(window, Math.floor(now / SLOT_MS), cost)
    return describe(window, { allowed, limit, cost, now })
  }

  #window(key: string, now: number): Window {
    let window = this.#windows.get(key)
    if (window === undefined) {
      if (this.#windows.size >= MAX_WINDOWS) this.#sweep(now)
      window = { slots: [], total: 0 }
    } else {
      this.#windows.delete(key)
    }
    this.#windows.set(key, window)
    expire(window, now)
    return window
  }

  /** Forgets idle principals; if an attack with many addresses fills the table, the longest idle go first. */
  #sweep(now: number): void {
    for (const [key, window] of this.#windows) {
      expire(window, now)
      if (window.total === 0) this.#windows.delete(key)
    }
    for (const key of this.#windows.keys()) {
      if (this.#windows.size < MAX_WINDOWS) return
      this.#windows.delete(key)
    }
  }
}

function limitName(request: LimitRequest): LimitName | null {
  if (request.limit === 'none') return null
  if (request.door !== 'rest' && request.isRead) return 'dashboard'
  return request.limit
}

function add(window: Window, slot: number, count: number): void {
  const last = window.slots.at(-1)
  if (last?.slot === slot) last.count += count
  else window.slots.push({ slot, count })
  window.total += count
}

function leavesAt(slot: number): number {
  return (slot + 1) * SLOT_MS + WINDOW_MS
}

function expire(window: Window, now: number): void {
  let expired = 0
  for (const { slot, count } of window.slots) {
    if (leavesAt(slot) > now) break
    window.total -= count
    expired += 1
  }
  if (expired > 0) window.slots.splice(0, expired)
}

interface Decision {
  allowed: boolean
  limit: number
  cost: number
  now: number
}

function describe(window: Window, { allowed, limit, cost, now }: Decision): LimitState {
  const oldest = window.slots[0]
  const resetMs = oldest === undefined ? now + WINDOW_MS : leavesAt(oldest.slot)
  return {
    allowed,
    limit,
    remaining: Math.max(0, limit - window.total),
    resetAtSeconds: Math.ceil((allowed ? resetMs : freeAt(window, limit - cost, resetMs)) / 1000),
    retryAfterSeconds: allowed
      ? 0
      : Math.max(1, Math.ceil((freeAt(window, limit - cost, resetMs) - now) / 1000)),
  }
}

/** When enough slots have left that the total is at most `target`. */
function freeAt(window: Window, target: number, fallback: number): number {
  let total = window.total
  for (const { slot, count } of window.slots) {
    total -= count
    if (total <= target) return leavesAt(slot)
  }
  return fallback + WINDOW_MS
}
