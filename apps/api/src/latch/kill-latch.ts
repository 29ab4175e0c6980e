import { randomUUID } from 'node:crypto'
import type { KillSwitchScope } from '@quantdeck/db'
import { type Clock, SECOND_MS, TRADING_STATES, type TradingState } from '@quantdeck/domain'
import type { Logger } from 'pino'
import type { LatchEntry } from './latch-entry.ts'
import { isMissing, LatchFolder } from './latch-folder.ts'

/** What the command line writes is known here within a second. */
const LOOK_MS = SECOND_MS / 4

export interface KillLatchParts {
  /** Where it lies. */
  folder: string | LatchStore
  clock: Clock
  log: Logger
}

/** The folder as the latch uses it. */
export type LatchStore = Pick<LatchFolder, 'prepare' | 'read' | 'write' | 'remove' | 'setAside'>

/** What the send gate asks: the levels of stopped scopes, from memory. */
export interface StoppedScopes {
  levels(): ReadonlyMap<string, TradingState>
}

/**
 * Stops that hold whatever becomes of the database (ADR 0017): in memory from the moment somebody asks for one, on the
 * disk before it is acknowledged, and until a release has been committed. What is on the disk and cannot be understood
 * may be a stop of everything, and counts as one.
 */
export class KillLatch implements StoppedScopes {
  readonly #folder: LatchStore
  readonly #clock: Clock
  readonly #log: Logger
  readonly #entries = new Map<string, LatchEntry>()
  readonly #listeners = new Set<() => void>()
  /** Writes on their way, and how many have ended: what was read while one was is out of date. */
  #writing = 0
  #written = 0
  #levels: ReadonlyMap<string, TradingState> = new Map()
  #unreadable: string[] = []
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> | null = null
  #isBlind = false

  private constructor({ folder, clock, log }: KillLatchParts) {
    this.#folder = typeof folder === 'string' ? new LatchFolder(folder) : folder
    this.#clock = clock
    this.#log = log
  }

  /** Reads what is on the disk. Never fails: where it cannot be read, everything is stopped. */
  static async open(parts: KillLatchParts): Promise<KillLatch> {
    const latch = new KillLatch(parts)
    try {
      await latch.#folder.prepare().catch((error: unknown) => {
        parts.log.error({ err: error }, 'nothing can be kept in reserve for the kill switch')
      })
      latch.#adopt(await latch.#folder.read())
    } catch (error) {
      parts.log.fatal({ err: error }, 'the latch of the kill switch cannot be read')
      latch.#stopForUnreadable(['the folder'])
    }
    latch.#timer = setInterval(() => void latch.look(), LOOK_MS)
    latch.#timer.unref()
    return latch
  }

  levels(): ReadonlyMap<string, TradingState> {
    return this.#levels
  }

  /** Oldest first. */
  entries(): LatchEntry[] {
    return [...this.#entries.values()].sort((a, b) => a.activatedAt.getTime() - b.activatedAt.getTime())
  }

  find(id: string): LatchEntry | null {
    return this.#entries.get(id) ?? null
  }

  /** Something on the disk may be a stop, and nobody can say of what. */
  get isUnreadable(): boolean {
    return this.#unreadable.length > 0
  }

  /** Called when an entry has come from outside. */
  onNews(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /**
   * Stops in this process at once; `written` resolves when the disk has it, and rejects where it does not take it. An equal
   * stop that waits for the database already is taken for this one.
   */
  hold(asked: Omit<LatchEntry, 'id' | 'storedAs' | 'isDone'>): { entry: LatchEntry; written: Promise<void> } {
    const equal = this.entries().find((one) => one.storedAs === null && !one.isDone && isAsMuch(one, asked))
    const entry = equal ?? { ...asked, id: randomUUID(), storedAs: null, isDone: false }
    this.#put(entry)
    return { entry, written: this.#write(entry) }
  }

  /** What has become of it. */
  async mark(
    id: string,
    change: Partial<Pick<LatchEntry, 'storedAs' | 'isDone' | 'activatedAt'>>,
  ): Promise<void> {
    const entry = this.#entries.get(id)
    if (!entry) return
    const next = { ...entry, ...change }
    this.#put(next)
    await this.#write(next)
  }

  /** After a committed release, or when another entry says the same. */
  async drop(ids: readonly string[]): Promise<void> {
    await this.#changing(async () => {
      await this.#folder.remove(ids)
      for (const id of ids) this.#entries.delete(id)
      this.#refresh()
    })
  }

  /** Once the stop of everything is in the database, what could not be read is put aside. */
  async setUnreadableAside(): Promise<void> {
    await this.#changing(async () => {
      for (const name of this.#unreadable) await this.#folder.setAside(name)
    })
    this.#unreadable = []
    this.#refresh()
  }

  /** Looks at the folder now: the command line writes there without asking. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = null))
    return this.#looking
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#looking
  }

  async #look(): Promise<void> {
    try {
      const written = this.#written
      const reading = await this.#folder.read()
      if (this.#writing === 0 && written === this.#written) this.#adopt(reading)
      this.#isBlind = false
    } catch (error) {
      // What is in memory holds; only what the command line writes is not seen.
      if (!this.#isBlind) this.#log.error({ err: error }, 'the folder of the kill switch cannot be read')
      this.#isBlind = true
      if (isMissing(error)) await this.#restore()
    }
  }

  #adopt({ entries, unreadable }: { entries: LatchEntry[]; unreadable: string[] }): void {
    const found = new Map(entries.map((entry) => [entry.id, entry]))
    let isNews = false
    for (const [id, entry] of found) {
      isNews ||= !this.#entries.has(id)
      this.#entries.set(id, entry)
    }
    for (const [id, entry] of this.#entries) {
      if (found.has(id)) continue
      // The database has it, and whoever released it there took the file away. One that it has not got is written again.
      if (entry.storedAs !== null) this.#entries.delete(id)
      else void this.#write(entry).catch(() => {})
    }
    if (unreadable.length > 0 && !this.isUnreadable) {
      this.#log.fatal({ files: unreadable }, 'the latch of the kill switch cannot be read: everything stops')
      this.#stopForUnreadable(unreadable)
      isNews = true
    }
    this.#unreadable = unreadable
    this.#refresh()
    if (isNews) for (const listener of this.#listeners) listener()
  }

  /** Carried into the database like any other stop, so that a person can release it when it has been understood. */
  #stopForUnreadable(unreadable: string[]): void {
    this.#unreadable = unreadable
    const entry: LatchEntry = {
      id: randomUUID(),
      scope: 'global',
      level: 'HALTED',
      cause: 'latch_unreadable',
      reason: 'The latch of the kill switch could not be read',
      onActivate: 'none',
      activatedAt: this.#clock.now(),
      by: {
        ...{ label: 'kill latch', userId: null, apiKeyId: null, role: null },
        ...{ requestId: 'sys-latch', ip: null },
      },
      storedAs: null,
      isDone: false,
    }
    this.#put(entry)
    void this.#write(entry).catch((error: unknown) => {
      this.#log.error({ err: error }, 'the stop for an unreadable latch is in memory only')
    })
  }

  async #restore(): Promise<void> {
    for (const entry of this.#entries.values()) await this.#write(entry).catch(() => {})
  }

  async #write(entry: LatchEntry): Promise<void> {
    await this.#changing(() => this.#folder.write(entry))
  }

  async #changing(change: () => Promise<void>): Promise<void> {
    this.#writing += 1
    try {
      await change()
    } finally {
      this.#writing -= 1
      this.#written += 1
    }
  }

  #put(entry: LatchEntry): void {
    this.#entries.set(entry.id, entry)
    this.#refresh()
  }

  #refresh(): void {
    const levels = new Map<string, TradingState>()
    if (this.isUnreadable) levels.set('global', 'HALTED')
    for (const { scope, level } of this.#entries.values()) levels.set(scope, worse(levels.get(scope), level))
    this.#levels = levels
  }
}

function worse(one: TradingState | undefined, other: TradingState): TradingState {
  return one !== undefined && TRADING_STATES.indexOf(one) > TRADING_STATES.indexOf(other) ? one : other
}

function isAsMuch(
  one: LatchEntry,
  asked: { scope: KillSwitchScope; level: TradingState; onActivate: string },
): boolean {
  return (
    one.scope === asked.scope &&
    worse(one.level, asked.level) === one.level &&
    one.onActivate === asked.onActivate
  )
}
