import { AppError, MINUTE_MS, type Clock } from '@quantdeck/domain'

import { hashSecret } from './secrets.ts'

const MAX_FAILURES = 5
const WINDOW_MS = 15 * MINUTE_MS
const MAX_ACCOUNTS = 50_000

/**
 * 5 failures per account in 15 minutes, known or unknown account alike. Only logins are held up: open sessions,
 * refreshes and keys of the account go on. Failures are kept in memory; accounts by hash, so a log or dump names none.
 */
export class LoginThrottle {
  readonly #failures = new Map<string, number[]>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Counts the attempt as a failure until `succeed` takes it back, so that parallel guesses cannot slip past the limit.
   * @throws AppError RATE_LIMIT_EXCEEDED
   */
  begin(email: string): void {
    const key = hashSecret(email)
    const now = this.#clock.nowMs()
    const recent = (this.#failures.get(key) ?? []).filter((at) => at > now - WINDOW_MS)
    if (recent.length >= MAX_FAILURES) {
      const seconds = Math.max(1, Math.ceil(((recent[0] ?? now) + WINDOW_MS - now) / 1000))
      throw new AppError('RATE_LIMIT_EXCEEDED', `Too many requests. Try again in ${seconds} seconds.`, {
        retryAfterSeconds: seconds,
      })
    }
    recent.push(now)
    this.#failures.delete(key)
    this.#failures.set(key, recent)
    this.#forgetOldest()
  }

  /** A right password clears the account's failures. */
  succeed(email: string): void {
    this.#failures.delete(hashSecret(email))
  }

  #forgetOldest(): void {
    if (this.#failures.size <= MAX_ACCOUNTS) return
    const oldest = this.#failures.keys().next()
    if (!oldest.done) this.#failures.delete(oldest.value)
  }
}
