import type { Database } from '../client.ts'
import { hookedDatabase } from './hooked-database.ts'

/** What a database that goes away in the middle answers. */
export class LineCut extends Error {
  constructor() {
    super('the line to the database was cut')
  }
}

/** Cuts the line at one statement: before it runs, or after it ran and before its answer. COMMIT counts as one. */
export class Fault {
  #left = 0
  #when: 'before' | 'after' = 'before'

  /** The n-th statement from now on fails, once. */
  arm(n: number, when: 'before' | 'after'): void {
    this.#left = n
    this.#when = when
  }

  /** @returns true if the fault never came */
  disarm(): boolean {
    const isLeft = this.#left > 0
    this.#left = 0
    return isLeft
  }

  async around<T>(run: () => Promise<T>): Promise<T> {
    this.#left -= 1
    const isNow = this.#left === 0
    if (isNow && this.#when === 'before') throw new LineCut()
    const result = await run()
    if (isNow) throw new LineCut()
    return result
  }
}

/** The same database through a driver that fails on demand. Closing it is left to the original. */
export function faultyDatabase(db: Database): { db: Database; fault: Fault } {
  const fault = new Fault()
  return { db: hookedDatabase(db, { around: (run) => fault.around(run) }), fault }
}
