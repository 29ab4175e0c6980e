import { AppError, MINUTE_MS, SECOND_MS, type Clock } from '@quantdeck/domain'

import { hashSecret } from './secrets.ts'
import { MemoryWindows, type WindowStore } from './sliding-window.ts'

const MAX_FAILURES = 5
const SPEC = { limit: MAX_FAILURES, cost: 1, windowMs: 15 * MINUTE_MS, slotMs: SECOND_MS }

/** From where somebody tries a password. */
export interface Attempt {
  readonly email: string
  readonly ip: string | null
  /** The id of a device that logged in to this account before, as its signed cookie says. */
  readonly deviceId: string | null
}

/**
 * 5 wrong passwords in 15 minutes. All strangers share one count for an account, known or unknown; a device or address
 * from which its owner has logged in has a count of its own, so that strangers cannot lock the owner out. Only logins
 * are held up: open sessions, refreshes and keys go on. Accounts are kept by hash, so a log or dump names none.
 */
export class LoginThrottle {
  readonly #store: WindowStore
  readonly #isKnownAddress: (email: string, ip: string) => Promise<boolean>

  constructor(
    clock: Clock,
    isKnownAddress: (email: string, ip: string) => Promise<boolean>,
    store: WindowStore = new MemoryWindows(clock),
  ) {
    this.#store = store
    this.#isKnownAddress = isKnownAddress
  }

  /**
   * Counts the attempt as a failure until it is taken back, so that parallel guesses cannot slip past the limit.
   * @returns how to take it back: a right password clears the count it was tried against
   * @throws AppError RATE_LIMIT_EXCEEDED
   */
  async begin(attempt: Attempt): Promise<() => Promise<void>> {
    return this.#count(await this.#bucketOf(attempt))
  }

  /** The same for a password that an open session is asked for again. */
  async beginConfirmation(sessionId: string): Promise<() => Promise<void>> {
    return this.#count(`session:${sessionId}`)
  }

  async #count(bucket: string): Promise<() => Promise<void>> {
    const key = `password|${bucket}`
    const state = await this.#store.take(key, SPEC)
    if (!state.allowed) {
      const seconds = state.retryAfterSeconds
      throw new AppError('RATE_LIMIT_EXCEEDED', `Too many requests. Try again in ${seconds} seconds.`, {
        retryAfterSeconds: seconds,
      })
    }
    return async () => this.#store.forget(key)
  }

  /** The address is looked up in every case: known and unknown accounts take the same time. */
  async #bucketOf({ email, ip, deviceId }: Attempt): Promise<string> {
    const account = hashSecret(email)
    const isKnownAddress = ip !== null && (await this.#isKnownAddress(email, ip))
    if (deviceId !== null) return `device:${account}:${deviceId}`
    return isKnownAddress ? `address:${account}:${ip}` : `account:${account}`
  }
}
