import type { LatchStore } from '../../src/latch/kill-latch.ts'
import type { LatchEntry } from '../../src/latch/latch-entry.ts'

/** A folder in memory whose writes take their turn. */
export class MemoryStore implements LatchStore {
  readonly files = new Map<string, LatchEntry>()
  readonly #turn: (what: string) => Promise<void>

  constructor(turn: (what: string) => Promise<void> = async () => {}) {
    this.#turn = turn
  }

  async prepare(): Promise<void> {}

  async read(): Promise<{ entries: LatchEntry[]; unreadable: string[] }> {
    return { entries: [...this.files.values()], unreadable: [] }
  }

  async write(entry: LatchEntry): Promise<void> {
    await this.#turn('the latch is written')
    this.files.set(entry.id, entry)
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#turn('the latch is cleared')
    for (const id of ids) this.files.delete(id)
  }

  async setAside(): Promise<void> {}
}
