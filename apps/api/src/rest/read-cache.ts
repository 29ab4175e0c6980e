import type { WriteCount } from '@quantdeck/db'
import type { Clock } from '@quantdeck/domain'
import { type Actor, principalOf } from '../auth/actor.ts'
import type { Caller } from '../auth/caller.ts'
import type { ReadyAnswer } from './send.ts'

/** What another instance wrote is seen after this long at the latest; what this one wrote, at once. */
const FRESH_MS = 250
const MOST_ANSWERS = 1_000
/** Larger answers take so long to send that making them anew adds little. */
const LARGEST_BYTES = 128 * 1024

interface Entry extends ReadyAnswer {
  readonly writes: number
  readonly madeAtMs: number
}

/**
 * Answers of reads that many ask for many times a second. Who asks is identified, counted and authorised each time; only
 * the same question of the same principal meets the same answer, until anything is written here or 250 ms have gone by.
 */
export class ReadCache {
  readonly #writes: WriteCount
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(writes: WriteCount, clock: Clock) {
    this.#writes = writes
    this.#clock = clock
  }

  /** To be noted before an answer is made, and given to `keep` with it. */
  get writes(): number {
    return this.#writes.value
  }

  find(key: string): ReadyAnswer | null {
    const entry = this.#entries.get(key)
    if (entry === undefined) return null
    const ageMs = this.#clock.nowMs() - entry.madeAtMs
    if (entry.writes === this.#writes.value && ageMs >= 0 && ageMs < FRESH_MS) return entry
    this.#entries.delete(key)
    return null
  }

  /** Not what was made while something was written: it may show what was before. */
  keep(key: string, answer: ReadyAnswer, writesBefore: number): void {
    if (writesBefore !== this.#writes.value || answer.body.length > LARGEST_BYTES) return
    if (this.#entries.size >= MOST_ANSWERS) this.#entries.clear()
    this.#entries.set(key, { ...answer, writes: writesBefore, madeAtMs: this.#clock.nowMs() })
  }
}

/** Everything of a request that its answer may depend on. */
export function cacheKey(actor: Actor, { baseUrl }: Caller, url: string): string {
  return `${principalOf(actor)} ${actor.role} ${actor.sessionId} ${baseUrl} ${url}`
}
