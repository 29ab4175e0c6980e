import { ScheduledDatabase } from '@quantdeck/db/testing'
import { AppError, VirtualClock } from '@quantdeck/domain'
import pino from 'pino'
import { systemActor } from '../../src/auth/actor.ts'
import type { Deps } from '../../src/deps.ts'
import { SendGate } from '../../src/desk/send-gate.ts'
import { LatchKeeper } from '../../src/features/controls/latch-keeper.ts'
import {
  activateKillSwitch,
  type KillSwitchOutcome,
  type Subject,
} from '../../src/features/controls/operations-kill-switch.ts'
import { releaseKillSwitch } from '../../src/features/controls/operations-release.ts'
import { KillLatch } from '../../src/latch/kill-latch.ts'
import type { LatchEntry } from '../../src/latch/latch-entry.ts'
import { MemoryStore } from './memory-store.ts'

export const START = new Date('2026-01-07T16:30:00Z')
export const SCOPES = ['global', 'strategy:ana_v1', 'symbol:ACME'] as const
export type Scope = (typeof SCOPES)[number]

/** A mistake that the model has to find: what a product would do that forgot something. */
export type Defect =
  | 'none'
  | 'loosens a stop that is asked for again'
  | 'counts from the last activation'
  | 'releases every scope with one'
  | 'forgets the latch at a restart'
  | 'ends what was stopped in earnest with a drill'
  | 'acknowledges a release that could not be stored'

const ACTOR = systemActor('test')
const ANA = { strategyId: 'ana_v1', universe: ['ACME'] }
const log = pino({ level: 'silent' })

/** The product's own operations, latch, keeper and gate over a database and a disk in memory. */
export class World {
  readonly clock = new VirtualClock(START)
  readonly database = new ScheduledDatabase(async (what) => this.onStatement(what), ['ana_v1'])
  onStatement: (what: string) => void = () => {}
  /** While a stop waits for the orders on their way. */
  onDrain: () => Promise<void> = async () => {}
  readonly #store = new MemoryStore()
  readonly #defect: Defect
  #latch: KillLatch
  #keeper: LatchKeeper
  #gate: SendGate
  #drills = new Map<Scope, LatchEntry>()

  private constructor(defect: Defect, latch: KillLatch) {
    this.#defect = defect
    this.#latch = latch
    this.#keeper = new LatchKeeper(this.#core, latch)
    this.#gate = new SendGate(this.database.db, () => 0, latch)
  }

  static async open(defect: Defect): Promise<World> {
    const clock = new VirtualClock(START)
    return new World(defect, await KillLatch.open({ folder: new MemoryStore(), clock, log })).#begin()
  }

  async #begin(): Promise<World> {
    await this.restart()
    return this
  }

  get #core(): Deps {
    const desk = {
      drainOwnSends: async () => {
        await this.onDrain()
        await this.#gate.drainHere()
      },
      drainSends: () => this.#gate.drain(),
      cancelAtBroker: async () => {},
      remembered: () => ({
        killLevels: new Map(),
        strategies: new Map([['ana_v1', { strategy: ANA }]]),
        instruments: new Map([['ACME', {}]]),
      }),
    }
    return { db: this.database.db, clock: this.clock, log, desk, wakeSealer: () => {} } as unknown as Deps
  }

  get #deps(): Deps {
    return { ...this.#core, latch: this.#latch, latchKeeper: this.#keeper }
  }

  async activate(scope: Scope, level: 'REDUCING' | 'HALTED'): Promise<KillSwitchOutcome> {
    const before = this.database.level(scope)
    const input = { ...subjectOf(scope), reason: 'storm', level, onActivate: 'none' as const }
    const outcome = await activateKillSwitch(this.#deps, ACTOR, input)
    if (before === 'ACTIVE') return outcome
    if (this.#defect === 'loosens a stop that is asked for again') this.#change(scope, { level })
    if (this.#defect === 'counts from the last activation')
      this.#change(scope, { activated_at: this.clock.now() })
    return outcome
  }

  /** @returns whether it was done; false for 503 */
  async release(scope: Scope): Promise<boolean> {
    try {
      await releaseKillSwitch(this.#deps, ACTOR, { ...subjectOf(scope), reason: 'over' })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'SERVICE_UNAVAILABLE') throw error
      return this.#defect === 'acknowledges a release that could not be stored'
    }
    if (this.#defect === 'releases every scope with one')
      for (const other of SCOPES) this.#change(other, { level: 'ACTIVE', deactivated_at: this.clock.now() })
    return true
  }

  async beginDrill(): Promise<void> {
    const scope = 'strategy:ana_v1'
    const { entry, written } = this.#latch.hold({
      ...{ scope, level: 'HALTED', cause: 'drill', reason: 'Drill', onActivate: 'none' },
      activatedAt: this.clock.now(),
      by: { label: 'drill', userId: null, apiKeyId: null, role: null, requestId: 'drill', ip: null },
    })
    await written
    await this.#keeper.carry(entry).done
    this.#drills.set(scope, entry)
  }

  async endDrill(): Promise<void> {
    const scope = 'strategy:ana_v1'
    const entry = this.#drills.get(scope)
    if (!entry) return
    this.#drills.delete(scope)
    if (this.#defect === 'ends what was stopped in earnest with a drill')
      this.#change(scope, { cause: 'drill' })
    await this.#keeper.endDrill(entry)
  }

  async restart(): Promise<void> {
    await this.#latch.close()
    const folder = this.#defect === 'forgets the latch at a restart' ? new MemoryStore() : this.#store
    this.#latch = await KillLatch.open({ folder, clock: this.clock, log })
    this.#keeper = new LatchKeeper(this.#core, this.#latch)
    this.#gate = new SendGate(this.database.db, () => 0, this.#latch)
    await this.settle()
  }

  /** What an embedded database does that was cut off: the row is as it was before its stop. */
  lose(scope: Scope): void {
    this.database.switches.delete(scope)
  }

  /** As long as the keeper finds something to do. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) await this.#keeper.round()
  }

  async sends(isEntry: boolean, isFlatten = false): Promise<boolean> {
    const origin = isFlatten ? 'kill_flatten' : 'signal'
    const sent = { strategyId: 'ana_v1', symbol: 'ACME', origin, isEntry } as const
    return this.#gate.pass(sent, async () => {}).catch(() => false)
  }

  since(scope: Scope): unknown {
    return this.database.switches.get(scope)?.['activated_at'] ?? null
  }

  async close(): Promise<void> {
    await this.#latch.close()
  }

  #change(scope: Scope, change: Record<string, unknown>): void {
    const row = this.database.switches.get(scope)
    if (row) this.database.switches.set(scope, { ...row, ...change })
  }
}

function subjectOf(scope: Scope): Subject {
  if (scope === 'global') return {}
  return scope === 'symbol:ACME' ? { symbol: 'ACME' } : { strategyId: 'ana_v1' }
}
