import { findStrategy, type KillSwitchScope, listKillSwitches } from '@quantdeck/db'
import { SECOND_MS } from '@quantdeck/domain'
import { type Actor, systemActor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import type { KillLatch } from '../../latch/kill-latch.ts'
import type { LatchEntry } from '../../latch/latch-entry.ts'
import { within } from '../../within.ts'
import { cancelWorkingOrders } from './cancel-working.ts'
import { changeSwitch, type SwitchChange } from './change-switch.ts'
import { strategyOf, worstState } from './effective-state.ts'
import { activated, fateOf } from './machine.ts'

const ROUND_MS = SECOND_MS / 2
/** A send takes five seconds at most; what waits longer waits for a database that does not answer. */
const DRAIN_MS = 8 * SECOND_MS

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

  async #look(): Promise<void> {
    const entries = this.#latch.entries()
    if (entries.length === 0) return
    await Promise.all(
      entries
        .filter(({ storedAs, isDone }) => storedAs === null || !isDone)
        .map((entry) => this.#carryOn(entry)),
    )
    if (this.#latch.isUnreadable) await this.#latch.setUnreadableAside()
    await this.#compare(entries.filter(({ storedAs, isDone }) => storedAs !== null && isDone))
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
      await this.#latch.mark(entry.id, { storedAs: null })
    }
  }

  async #store(entry: LatchEntry): Promise<SwitchChange> {
    const { scope, level, cause, reason, activatedAt, by } = entry
    let isOver = false
    const change = await changeSwitch(this.#deps, actorOf(entry), scope, async (current, _at, trx) => {
      const strategyId = strategyOf(scope)
      const isNobodys = strategyId !== null && (await findStrategy(trx, strategyId)) === null
      isOver = isNobodys || fateOf(entry, current) === 'released'
      if (isNobodys) this.#deps.log.error({ scope }, 'a stop of a strategy that does not exist is dropped')
      return isOver
        ? null
        : activated(current, { scope, level, cause, reason, by: by.label, at: activatedAt })
    })
    if (change.affected.length > 0) this.#deps.wakeSealer()
    if (isOver) await this.#latch.drop([entry.id])
    else await this.#latch.mark(entry.id, { storedAs: change.row?.activatedAt ?? activatedAt })
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

/** Who asked for it, as far as the latch knows: for the audit log. Whoever writes on this disk acts for the house. */
function actorOf({ by }: LatchEntry): Actor {
  const { label, userId, apiKeyId, role, requestId, ip } = by
  if (userId === null) return { ...systemActor(label, requestId), ip }
  const kind = apiKeyId !== null ? 'api_key' : 'user'
  const rest = { sessionId: null, scopes: null, strategyIds: null }
  return { kind, userId, label, role, apiKeyId, requestId, ip, ...rest }
}
