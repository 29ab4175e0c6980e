import { ScheduledDatabase } from '@quantdeck/db/testing'
import { systemClock } from '@quantdeck/domain'
import fc from 'fast-check'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { systemActor } from '../../src/auth/actor.ts'
import type { Deps } from '../../src/deps.ts'
import { SendGate } from '../../src/desk/send-gate.ts'
import { LatchKeeper } from '../../src/features/controls/latch-keeper.ts'
import { activateKillSwitch } from '../../src/features/controls/operations-kill-switch.ts'
import { KillLatch } from '../../src/latch/kill-latch.ts'
import { MemoryStore } from './memory-store.ts'

/** A few in the suite; `pnpm test:soak kill-switch` sets the full count. */
const RUNS = Number(process.env['KILL_SWITCH_INTERLEAVINGS'] ?? '150')
const SEED = Number(process.env['KILL_SWITCH_SEED'] ?? '20260107')

interface Plan {
  /** Of each order: which process sends it, of which strategy, and whether it opens. */
  orders: { process: 0 | 1; strategyId: 'ana_v1' | 'other_v1'; isEntry: boolean }[]
  scope: 'global' | 'ana_v1'
  level: 'HALTED' | 'REDUCING'
  /** The database goes away, for so many turns of the others. Only with one process: see ADR 0017. */
  outage: number | null
  /** How fast the gate's clock goes: whether sends share a hold. */
  tickMs: number
}

const ANA = { strategyId: 'ana_v1', universe: [] }

const one: fc.Arbitrary<Plan['orders'][number]> = fc.record({
  process: fc.constantFrom(0, 1),
  strategyId: fc.constantFrom('ana_v1', 'ana_v1', 'other_v1'),
  isEntry: fc.boolean(),
})
const plan: fc.Arbitrary<Plan> = fc
  .record({
    orders: fc.array(one, { minLength: 1, maxLength: 5 }),
    scope: fc.constantFrom('global', 'ana_v1'),
    level: fc.constantFrom('HALTED', 'HALTED', 'REDUCING'),
    outage: fc.option(fc.integer({ min: 0, max: 12 })),
    tickMs: fc.constantFrom(0, 60, 300),
  })
  .map((each) =>
    each.outage === null ? each : { ...each, orders: each.orders.map((order) => ({ ...order, process: 0 })) },
  )

/** What a product would do that forgot something. */
type Defect = 'none' | 'waits for nobody' | 'does not look at the latch' | 'tells before the database has it'

interface Played {
  late: string[]
  left: number
  database: ScheduledDatabase
}

async function play(
  s: fc.Scheduler,
  { orders, scope, level, outage, tickMs }: Plan,
  defect: Defect,
): Promise<Played> {
  const turn = (what: string) => s.schedule(Promise.resolve(), what).then(() => {})
  const database = new ScheduledDatabase(turn, ['ana_v1', 'other_v1'])
  const { db } = database
  const log = pino({ level: 'silent' })
  const latch = await KillLatch.open({ folder: new MemoryStore(turn), clock: systemClock, log })
  let nowMs = 0
  const clock = () => (nowMs += tickMs)
  const seesLatch = defect !== 'does not look at the latch'
  const gates = [new SendGate(db, clock, seesLatch ? latch : null), new SendGate(db, clock)]
  const [own] = gates
  const waits = defect !== 'waits for nobody'
  const desk = {
    drainOwnSends: async () => (waits ? own?.drainHere() : undefined),
    drainSends: async () => (waits ? own?.drain() : undefined),
    remembered: () => ({ killLevels: new Map(), strategies: new Map([['ana_v1', { strategy: ANA }]]) }),
    cancelAtBroker: async () => {},
  }
  const core = { db, clock: systemClock, log, desk, wakeSealer: () => {} } as unknown as Deps
  const latchKeeper = new LatchKeeper(core, latch)
  const deps: Deps = { ...core, latch, latchKeeper }
  const played: Played = { late: [], left: 0, database }
  let isAcknowledged = false
  const isStopped = ({ strategyId, isEntry }: Plan['orders'][number]) =>
    (scope === 'global' || scope === strategyId) && (level === 'HALTED' || isEntry)

  const send = async (order: Plan['orders'][number], index: number): Promise<void> => {
    await turn(`order ${index}`)
    const { strategyId, isEntry } = order
    const sent = { strategyId, isEntry, symbol: 'ACME', origin: 'signal' as const }
    const arrive = async () => {
      await turn(`order ${index} is on its way`)
      played.left += 1
      if (isAcknowledged && isStopped(order)) played.late.push(`order ${index}`)
    }
    await gates[order.process]?.pass(sent, arrive).catch(() => false)
  }
  const stop = async (): Promise<void> => {
    await turn('somebody stops')
    const subject = scope === 'global' ? {} : { strategyId: scope }
    const input = { ...subject, reason: 'storm', level, onActivate: 'none' as const }
    const acknowledged = activateKillSwitch(deps, systemActor('test'), input)
    if (defect !== 'tells before the database has it') await acknowledged
    isAcknowledged = true
    await acknowledged
  }
  const trouble = async (turns: number): Promise<void> => {
    await turn('the database goes away')
    database.goAway()
    for (let n = 0; n < turns; n += 1) await turn('it is away')
    database.isAway = false
  }
  await s.waitFor(Promise.all([...orders.map(send), stop(), ...(outage === null ? [] : [trouble(outage)])]))
  // More of the same afterwards, and what the keeper makes of it.
  await s.waitFor(Promise.all([...orders.map(send), latchKeeper.round()]))
  await s.waitFor(latchKeeper.round())
  await latch.close()
  return played
}

const agrees = (defect: Defect) =>
  fc.asyncProperty(fc.scheduler(), plan, async (s, each) => {
    const { late, database } = await play(s, each, defect)
    expect(late).toEqual([])
    expect(database.level(each.scope === 'global' ? 'global' : `strategy:${each.scope}`)).toBe(each.level)
    expect([database.audit.length, database.alerts.length]).toEqual([1, 1])
  })

describe('an order and a kill switch, in any order of their steps', () => {
  it(
    `nothing leaves after the acknowledgement, and it is stored once: ${RUNS} interleavings`,
    async () => {
      const found = await fc.check(agrees('none'), { numRuns: RUNS, seed: SEED })
      expect(found.failed, fc.defaultReportMessage(found)).toBe(false)
    },
    RUNS * 200 + 60_000,
  )

  it.each<Defect>(['waits for nobody', 'does not look at the latch', 'tells before the database has it'])(
    'would show a stop that %s',
    async (defect) => {
      const found = await fc.check(agrees(defect), { numRuns: 3_000, seed: 7, endOnFailure: true })
      expect(found.failed).toBe(true)
    },
    120_000,
  )
})
