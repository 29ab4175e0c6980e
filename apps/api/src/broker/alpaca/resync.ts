import { type Clock, MINUTE_MS } from '@quantdeck/domain'
import { AlpacaRefusal } from './http.ts'

/** A moment for what is on its way already, before the broker is asked. */
const RECHECK_MS = 300
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000
/** What happened shortly before the last sign of life may have been missed as well, and Alpaca's clock is not ours. */
const OVERLAP_MS = 5 * MINUTE_MS

export interface ResyncParts {
  clock: Clock
  onError: (error: unknown) => void
  /** Everything since an instant. */
  catchUp: (since: Date) => Promise<void>
  /** Everything about one order. */
  recheck: (clientOrderId: string) => Promise<void>
}

/** Asks the broker for what the stream did not say: after every connect, and about single orders; until it has an answer. */
export class Resync {
  readonly #parts: ResyncParts
  readonly #orders = new Set<string>()
  #aliveAtMs: number
  /** Null: nothing to catch up with. */
  #sinceMs: number | null = null
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #failures = 0
  #closed = false

  constructor(parts: ResyncParts) {
    this.#parts = parts
    this.#aliveAtMs = parts.clock.nowMs()
  }

  /** The stream spoke: up to now nothing was missed, unless something is to be caught up with. */
  alive(): void {
    this.#aliveAtMs = this.#parts.clock.nowMs()
  }

  connected(): void {
    const since = this.#aliveAtMs - OVERLAP_MS
    this.#sinceMs = Math.min(this.#sinceMs ?? since, since)
    this.alive()
    this.#schedule(0)
  }

  recheck(clientOrderId: string): void {
    this.#orders.add(clientOrderId)
    this.#schedule(RECHECK_MS)
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }

  #schedule(ms: number): void {
    if (this.#closed || this.#timer !== null || this.#running !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#running = this.#run().finally(() => {
        this.#running = null
        if (this.#sinceMs !== null || this.#orders.size > 0) this.#schedule(this.#retryMs())
      })
    }, ms)
  }

  #retryMs(): number {
    if (this.#failures === 0) return RECHECK_MS
    return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1))
  }

  async #run(): Promise<void> {
    let hasFailed = false
    const sinceMs = this.#sinceMs
    if (sinceMs !== null) {
      this.#sinceMs = null
      if (!(await this.#try(() => this.#parts.catchUp(new Date(sinceMs))))) {
        this.#sinceMs = Math.min(this.#sinceMs ?? sinceMs, sinceMs)
        hasFailed = true
      }
    }
    for (const name of [...this.#orders]) {
      if (this.#closed || hasFailed) break
      this.#orders.delete(name)
      if (await this.#try(() => this.#parts.recheck(name))) continue
      this.#orders.add(name)
      hasFailed = true
    }
    this.#failures = hasFailed ? this.#failures + 1 : 0
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (!this.#closed) this.#parts.onError(error)
      // What was refused would be refused again.
      return error instanceof AlpacaRefusal && error.status !== 401
    }
  }
}
