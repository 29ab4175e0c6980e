import { SECOND_MS, type Clock } from '@quantdeck/domain'

const MAX_ENTRIES = 20_000

interface Entry<T> {
  readonly value: Promise<T>
  readonly loadedAtMs: number
}

/**
 * Rows that every request needs, read at most once a second each: a change on another instance is seen within a
 * second, one on this instance at once (`forget`).
 */
export class FreshCache<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #clock: Clock
  readonly #load: (key: string) => Promise<T>
  readonly #last = new Map<string, T>()

  constructor(clock: Clock, load: (key: string) => Promise<T>) {
    this.#clock = clock
    this.#load = load
  }

  /**
   * As it was read last, however long ago: for what must work while nothing can be read, and for nothing else. Undefined
   * where it never was, or was found not to exist.
   */
  last(key: string): T | undefined {
    return this.#last.get(key)
  }

  get(key: string): Promise<T> {
    const now = this.#clock.nowMs()
    const known = this.#entries.get(key)
    if (known !== undefined && now - known.loadedAtMs < SECOND_MS) return known.value
    const value = this.#load(key)
    value.then((loaded) => this.#remember(key, loaded)).catch(() => {})
    this.#entries.delete(key)
    this.#entries.set(key, { value, loadedAtMs: now })
    this.#dropOldest()
    value.catch(() => this.#entries.delete(key))
    return value
  }

  forget(key?: string): void {
    if (key === undefined) this.#entries.clear()
    else this.#entries.delete(key)
  }

  #remember(key: string, loaded: T): void {
    this.#last.delete(key)
    if (loaded !== null) this.#last.set(key, loaded)
    const oldest = this.#last.keys().next()
    if (this.#last.size > MAX_ENTRIES && !oldest.done) this.#last.delete(oldest.value)
  }

  #dropOldest(): void {
    if (this.#entries.size <= MAX_ENTRIES) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }
}
