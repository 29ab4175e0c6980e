import type { Clock } from '@quantdeck/domain'

/** What may happen to one key. Counted in slots; a slot leaves when all of it is older than the window. */
export interface WindowSpec {
  readonly limit: number
  /** How much this request counts. */
  readonly cost: number
  readonly windowMs: number
  readonly slotMs: number
}

export interface WindowState {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Unix seconds at which the oldest counted request leaves the window; when refused, at which a retry works. */
  readonly resetAtSeconds: number
  readonly retryAfterSeconds: number
}

/** Where counts are kept: in this process, or in Redis for several. */
export interface WindowStore {
  /** Counts the request if it is within the limit. A refused one is not counted. */
  take(key: string, spec: WindowSpec): WindowState | Promise<WindowState>
  forget(key: string): void | Promise<void>
}

/** Number and count of a slot. */
export interface Slot {
  readonly slot: number
  count: number
}

const MAX_WINDOWS = 100_000

interface Window {
  /** Oldest first. */
  slots: Slot[]
  total: number
  slotMs: number
  windowMs: number
}

/** Sliding windows in memory: no window's length of time, wherever it starts, sees more than the limit. */
export class MemoryWindows implements WindowStore {
  readonly #windows = new Map<string, Window>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  take(key: string, spec: WindowSpec): WindowState {
    const now = this.#clock.nowMs()
    const window = this.#window(key, spec, now)
    const allowed = window.total + spec.cost <= spec.limit
    if (allowed) add(window, Math.floor(now / spec.slotMs), spec.cost)
    return describeWindow(window.slots, spec, { allowed, now, total: window.total })
  }

  forget(key: string): void {
    this.#windows.delete(key)
  }

  #window(key: string, { slotMs, windowMs }: WindowSpec, now: number): Window {
    let window = this.#windows.get(key)
    if (window === undefined) {
      if (this.#windows.size >= MAX_WINDOWS) this.#sweep(now)
      window = { slots: [], total: 0, slotMs, windowMs }
    } else {
      this.#windows.delete(key)
    }
    this.#windows.set(key, window)
    expire(window, now)
    return window
  }

  /** Forgets idle keys; if an attack with many addresses fills the table, the longest idle go first. */
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

function add(window: Window, slot: number, count: number): void {
  const last = window.slots.at(-1)
  if (last?.slot === slot) last.count += count
  else window.slots.push({ slot, count })
  window.total += count
}

function leavesAt(slot: number, { slotMs, windowMs }: Pick<WindowSpec, 'slotMs' | 'windowMs'>): number {
  return (slot + 1) * slotMs + windowMs
}

function expire(window: Window, now: number): void {
  let expired = 0
  for (const { slot, count } of window.slots) {
    if (leavesAt(slot, window) > now) break
    window.total -= count
    expired += 1
  }
  if (expired > 0) window.slots.splice(0, expired)
}

function countOf(slots: readonly Slot[]): number {
  return slots.reduce((sum, { count }) => sum + count, 0)
}

/** The answer for slots that are all within the window, oldest first, the request included if it was let in. */
export function describeWindow(
  slots: readonly Slot[],
  spec: WindowSpec,
  { allowed, now, total = countOf(slots) }: { allowed: boolean; now: number; total?: number },
): WindowState {
  const oldest = slots[0]
  const resetMs = oldest === undefined ? now + spec.windowMs : leavesAt(oldest.slot, spec)
  const retryMs = allowed ? 0 : freeAt(slots, total, spec, resetMs)
  return {
    allowed,
    limit: spec.limit,
    remaining: Math.max(0, spec.limit - total),
    resetAtSeconds: Math.ceil((allowed ? resetMs : retryMs) / 1000),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((retryMs - now) / 1000)),
  }
}

/** When enough slots have left that the request fits. */
function freeAt(slots: readonly Slot[], total: number, spec: WindowSpec, fallback: number): number {
  let left = total
  for (const { slot, count } of slots) {
    left -= count
    if (left + spec.cost <= spec.limit) return leavesAt(slot, spec)
  }
  return fallback + spec.windowMs
}
