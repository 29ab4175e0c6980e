import { type KillSwitchScope, listKillSwitches } from '@quantdeck/db'
import { SECOND_MS } from '@quantdeck/domain'
import { systemActor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import type { KillLatch } from '../../latch/kill-latch.ts'
import type { LatchEntry } from '../../latch/latch-entry.ts'
import { within } from '../../within.ts'
import { cancelWorkingOrders } from './cancel-working.ts'
import { changeSwitch, type SwitchChange } from './change-switch.ts'
import { worstState } from './effective-state.ts'
import { DRILL, fateOf, released } from './machine.ts'
import { carryStop } from './store-stop.ts'

const ROUND_MS = SECOND_MS / 2
/** A send takes five seconds at most; what waits longer waits for a database that does not answer. */
const DRAIN_MS = 8 * SECOND_MS

const DRILL_MS = 60 * SECOND_MS

export interface Carrying {
  /** Rejects while the database does not take it; the stop holds and it is tried again. */
  stored: Promise<SwitchChange>
  /** Orders on their way have left, working ones have been cancelled as asked. Never rejects. */
  done: Promise<void>
}

type KeeperDeps = Pick<Deps, 'db' | 'clock' | 'log' | 'desk' | 'wakeSealer'>

/**
 * Brings what the latch holds and what the database says together: each stop is stored once, with its audit row and its
 * alert, as soon as the database takes it, and leaves the latch when a person has released it there.
 */
export class LatchKeeper {
  readonly #deps: KeeperDeps
  readonly #latch: KillLatch
  readonly #carrying = new Map<string, Carrying>()
  readonly #claimed = new Set<string>()
  #timer: NodeJS.Timeout | null = null
  #round: Promise<void> | null = null
  #isStopped = false

  constructor(deps: KeeperDeps, latch: KillLatch) {
    this.#deps = deps
    this.#latch = latch
  }

  start(): void {
    this.#latch.onNews(() => void this.round())
    this.#timer = setInterval(() => void this.round(), ROUND_MS)
    this.#timer.unref()
    void this.round()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#round
    await Promise.all([...this.#carrying.values()].map(({ done }) => done))
  }

  /** Everything that the latch holds, looked at once. */
  round(): Promise<void> {
    if (this.#isStopped) return Promise.resolve()
    this.#round ??= this.#look()
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'the latch of the kill switch waits for the database')
      })
      .finally(() => (this.#round = null))
    return this.#round
  }

  /**
   * Whoever makes a stop carries it, and is told what it changed: rounds leave it alone until then.
   * @returns to be called once it is carried
   */
  claim({ id }: LatchEntry): () => void {
    this.#claimed.add(id)
    return () => void this.#claimed.delete(id)
  }

  /** Stores one stop and does what was asked with it; whoever asks meanwhile waits for the same. */
  carry(entry: LatchEntry): Carrying {
    const known = this.#carrying.get(entry.id)
    if (known) return known
    const stored = this.#store(entry)
    const done = stored
      .then(() => this.#finish(entry))
      .catch(() => {})
      .finally(() => this.#carrying.delete(entry.id))
    const carrying = { stored, done }
    this.#carrying.set(entry.id, carrying)
    return carrying
  }

  /** @returns false while a stop of the scope is not in the database: nobody knows yet what would be released */
  async isSettled(scope: KillSwitchScope): Promise<boolean> {
    await this.#latch.look()
    await this.round()
    const waiting = this.#latch.entries().some((entry) => entry.scope === scope && entry.storedAs === null)
    return !waiting && !this.#latch.isUnreadable
  }

  /** A drill's own stop ends with it; one that somebody made in earnest meanwhile stays. */
  async endDrill({ id, scope }: LatchEntry): Promise<void> {
    const actor = systemActor('drill')
    await changeSwitch(this.#deps, actor, scope, (current, at) =>
      current?.cause === DRILL
        ? released(current, { reason: 'The drill is over', by: actor.label, at })
        : null,
    )
    await this.#latch.drop([id])
    this.#deps.wakeSealer()
  }

  async #look(): Promise<void> {
    const entries = this.#latch.entries()
    if (entries.length === 0) return
    await Promise.all(
      entries
        .filter(({ id, storedAs, isDone }) => (storedAs === null || !isDone) && !this.#claimed.has(id))
        .map((entry) => this.#carryOn(entry)),
    )
    for (const entry of entries) if (this.#isForgottenDrill(entry)) await this.endDrill(entry)
    if (this.#latch.isUnreadable) await this.#latch.setUnreadableAside()
    await this.#compare(entries.filter(({ storedAs, isDone }) => storedAs !== null && isDone))
  }

  /** Its process ended before the drill did. */
  #isForgottenDrill({ cause, isDone, activatedAt }: LatchEntry): boolean {
    return cause === DRILL && isDone && this.#deps.clock.nowMs() - activatedAt.getTime() > DRILL_MS
  }

  async #carryOn(entry: LatchEntry): Promise<void> {
    const { stored, done } = this.carry(entry)
    await stored
    await done
  }

  /** What is stored may have been released here or elsewhere, or lost with an embedded database that was cut off. */
  async #compare(entries: readonly LatchEntry[]): Promise<void> {
    if (entries.length === 0) return
    const rows = new Map((await listKillSwitches(this.#deps.db.kysely)).map((row) => [row.scope, row]))
    for (const entry of entries) {
      const fate = fateOf(entry, rows.get(entry.scope) ?? null)
      if (fate === 'released') await this.#latch.drop([entry.id])
      if (fate !== 'missing') continue
      this.#deps.log.error({ scope: entry.scope }, 'the database lost a stop that the latch holds')
      // As it was: a repetition has not begun it anew.
      await this.#latch.mark(entry.id, { storedAs: null, activatedAt: entry.storedAs ?? entry.activatedAt })
    }
  }

  async #store(entry: LatchEntry): Promise<SwitchChange> {
    const { isOver, ...change } = await carryStop(this.#deps, entry)
    if (change.affected.length > 0) this.#deps.wakeSealer()
    if (isOver) {
      this.#deps.log.warn(
        { scope: entry.scope },
        'a stop of nobody, or one that was released, leaves the latch',
      )
      await this.#latch.drop([entry.id])
    } else {
      await this.#latch.mark(entry.id, { storedAs: change.row?.activatedAt ?? entry.activatedAt })
    }
    return change
  }

  async #finish(entry: LatchEntry): Promise<void> {
    if (this.#latch.find(entry.id) === null) return
    await this.#attempt(entry, 'what was on its way may still leave', () =>
      within(this.#deps.desk.drainSends(), DRAIN_MS),
    )
    const isCancelled = await this.#attempt(entry, 'working orders could not be cancelled', () =>
      cancelWorkingOrders(this.#deps, entry.scope, entry.onActivate),
    )
    if (isCancelled) await this.#latch.mark(entry.id, { isDone: true })
    await this.#dropRepetitions(entry)
  }

  async #attempt(entry: LatchEntry, problem: string, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.#deps.log.error({ err: error, scope: entry.scope }, `the kill switch is active, but ${problem}`)
      return false
    }
  }

  /** One file for a scope is enough: the newest, if it says as much as those before it. */
  async #dropRepetitions({ id, scope }: LatchEntry): Promise<void> {
    const newest = this.#latch.find(id)
    if (!newest?.isDone) return
    const older = this.#latch
      .entries()
      .filter((one) => one.id !== id && one.scope === scope && one.isDone && one.storedAs !== null)
      .filter(({ level }) => worstState([level, newest.level]) === newest.level)
    await this.#latch.drop(older.map((one) => one.id))
  }
}
