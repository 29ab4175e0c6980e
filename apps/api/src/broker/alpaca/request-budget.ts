import type { Clock } from '@quantdeck/domain'

/** Who goes first: cancels before orders, orders before questions. */
export type Priority = 'cancel' | 'submit' | 'query'

const ORDER_OF: Record<Priority, number> = { cancel: 0, submit: 1, query: 2 }

/** https://alpaca.markets/support/usage-limit-api-calls: 200 a minute and account, else 429. */
export interface BudgetOptions {
  /** Requests that can be sent at once after a quiet time. */
  burst: number
  perMinute: number
  /** Of the burst, what questions and orders leave for cancels. */
  reservedForCancels: number
}

/** In any 60 s at most burst + perMinute = 190 requests: under Alpaca's 200, with room for somebody at its web page. */
export const DEFAULT_BUDGET: BudgetOptions = { burst: 20, perMinute: 170, reservedForCancels: 5 }

interface Waiter {
  priority: Priority
  wake: () => void
}

/** A token bucket in front of all requests to one account, served by priority. */
export class RequestBudget {
  readonly #options: BudgetOptions
  readonly #clock: Clock
  readonly #waiting: Waiter[] = []
  #tokens: number
  #refilledAtMs: number
  #pausedUntilMs = 0
  #timer: NodeJS.Timeout | null = null

  constructor(clock: Clock, options: BudgetOptions = DEFAULT_BUDGET) {
    this.#clock = clock
    this.#options = options
    this.#tokens = options.burst
    this.#refilledAtMs = clock.nowMs()
  }

  /**
   * Resolves when a request may be sent.
   * @throws the signal's reason when it is aborted before: nothing was sent
   */
  async take(priority: Priority, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#waiting.length === 0 && this.#tryTake(priority)) return
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { priority, wake: resolve }
      const place = this.#waiting.findIndex((other) => ORDER_OF[other.priority] > ORDER_OF[priority])
      this.#waiting.splice(place === -1 ? this.#waiting.length : place, 0, waiter)
      signal.addEventListener('abort', () => {
        const index = this.#waiting.indexOf(waiter)
        if (index === -1) return
        this.#waiting.splice(index, 1)
        reject(signal.reason as Error)
      })
      this.#serve()
    })
  }

  /** The broker said that its limit is used up until an instant: nobody sends before. */
  pauseUntil(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, ms)
  }

  #tryTake(priority: Priority): boolean {
    const now = this.#clock.nowMs()
    if (now < this.#pausedUntilMs) return false
    const { burst, perMinute, reservedForCancels } = this.#options
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#refilledAtMs) / 60_000) * perMinute)
    this.#refilledAtMs = now
    const least = priority === 'cancel' ? 1 : 1 + reservedForCancels
    if (this.#tokens < least) return false
    this.#tokens -= 1
    return true
  }

  #serve(): void {
    while (this.#waiting[0] !== undefined && this.#tryTake(this.#waiting[0].priority))
      this.#waiting.shift()?.wake()
    if (this.#waiting.length === 0 || this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#serve()
    }, this.#waitMs())
  }

  #waitMs(): number {
    const pause = this.#pausedUntilMs - this.#clock.nowMs()
    return Math.min(Math.max(pause, 60_000 / this.#options.perMinute / 2), 60_000)
  }
}
