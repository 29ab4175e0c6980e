import { hash, verify } from '@node-rs/argon2'
import { AppError } from '@quantdeck/domain'

/** argon2id: 2 in the library's const enum, which isolated modules cannot import. */
const ARGON2ID = 2

export interface HashCost {
  /** KiB. */
  readonly memoryCost: number
  /** Passes over that memory. */
  readonly timeCost: number
}

const COST: HashCost = { memoryCost: 19_456, timeCost: 2 }
const VARIANT = { algorithm: ARGON2ID, parallelism: 1 }

/** What waits beyond this is refused at once: a queue of logins must not become minutes of waiting. */
const MAX_WAITING = 32

/**
 * argon2 shares libuv's pool with the token signatures; two at a time keep everybody else's requests quick.
 * @throws AppError SERVICE_UNAVAILABLE when too many logins wait
 */
export class PasswordHasher {
  readonly #slots: number
  readonly #cost: HashCost
  #running = 0
  readonly #waiting: (() => void)[] = []
  #decoy: Promise<string> | null = null

  constructor(slots = 2, cost = COST) {
    this.#slots = slots
    this.#cost = cost
  }

  hash(password: string): Promise<string> {
    return this.#inSlot(() => hash(password, { ...VARIANT, ...this.#cost }))
  }

  /** With a null hash (unknown user) it works just as long against a decoy, and answers false. */
  async verify(storedHash: string | null, password: string): Promise<boolean> {
    this.#decoy ??= this.hash('a decoy that belongs to nobody')
    const against = storedHash ?? (await this.#decoy)
    const matches = await this.#inSlot(() => verify(against, password))
    return matches && storedHash !== null
  }

  async #inSlot<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#slots) {
      if (this.#waiting.length >= MAX_WAITING) {
        throw new AppError('SERVICE_UNAVAILABLE', 'Too many logins at once', { retryAfterSeconds: 2 })
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else {
      this.#running += 1
    }
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}
