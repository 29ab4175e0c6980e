import type { TradingState } from '@quantdeck/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Defect, type Scope, SCOPES, World } from './model-world.ts'

/** A few in the suite; `pnpm test:soak kill-switch` sets the full count. */
const RUNS = Number(process.env['KILL_SWITCH_MODEL_RUNS'] ?? '150')
const SEED = Number(process.env['KILL_SWITCH_SEED'] ?? '20260107')

type Stop = { level: Exclude<TradingState, 'ACTIVE'>; since: number }

/** The kill switch in its own words: what is stopped since when, and what became of it while the database was away. */
class Model {
  readonly stops = new Map<Scope, Stop>()
  /** Changes that have to be in the audit log, each with an alert. */
  changes = 0
  isAway = false
  /** Whether the drill's own stop holds the strategy. */
  isDrilled = false

  level(scope: Scope): TradingState {
    return this.stops.get(scope)?.level ?? 'ACTIVE'
  }

  /** @returns since when, by the first activation that was not released */
  stop(scope: Scope, level: Stop['level'], at: number): number {
    const own = this.isDrilled && scope === 'strategy:ana_v1' ? undefined : this.stops.get(scope)
    if (own?.level === 'HALTED' || own?.level === level) return own.since
    if (scope === 'strategy:ana_v1') this.isDrilled = false
    this.changes += 1
    const since = own?.since ?? at
    this.stops.set(scope, { level, since })
    return since
  }

  end(scope: Scope): void {
    if (this.stops.delete(scope)) this.changes += 1
    if (scope === 'strategy:ana_v1') this.isDrilled = false
  }

  /** The worst of all three scopes decides. */
  mayLeave(isEntry: boolean, isFlatten: boolean): boolean {
    const levels = SCOPES.map((scope) => this.level(scope))
    if (this.isAway) return false
    if (levels.includes('HALTED')) return isFlatten
    return !levels.includes('REDUCING') || !isEntry
  }
}

type Command = fc.AsyncCommand<Model, World>

async function compare(model: Model, world: World): Promise<void> {
  if (!model.isAway) await world.settle()
  for (const [isEntry, isFlatten] of [
    [true, false],
    [false, false],
    [false, true],
  ] as const)
    same('an order leaves', await world.sends(isEntry, isFlatten), model.mayLeave(isEntry, isFlatten))
  if (model.isAway) return
  for (const scope of SCOPES) {
    same(`the row of ${scope}`, world.database.level(scope), model.level(scope))
    const stop = model.stops.get(scope)
    if (stop) same(`since of ${scope}`, Number(world.since(scope)), stop.since)
  }
  same('audit rows', world.database.audit.length, model.changes)
  same('alerts', world.database.alerts.length, model.changes)
}

function same(what: string, is: unknown, should: unknown): void {
  if (is !== should) throw new Error(`${what}: the product says ${String(is)}, the model ${String(should)}`)
}

function command(
  name: string,
  isPossible: (model: Readonly<Model>) => boolean,
  act: (model: Model, world: World) => Promise<void>,
): Command {
  return {
    check: isPossible,
    run: async (model, world) => {
      world.clock.advanceBy(1_000)
      await act(model, world)
      await compare(model, world)
    },
    toString: () => name,
  }
}

const scope = fc.constantFrom(...SCOPES)
const always = () => true
const isBack = ({ isAway }: Readonly<Model>) => !isAway

const activate = fc
  .tuple(scope, fc.constantFrom('HALTED' as const, 'REDUCING' as const))
  .map(([one, level]) =>
    command(`${level} ${one}`, always, async (model, world) => {
      const since = model.stop(one, level, world.clock.nowMs())
      const outcome = await world.activate(one, level)
      same('the answer', outcome.state !== 'ACTIVE', true)
      same('activated_at', outcome.activatedAt?.getTime(), since)
    }),
  )
const release = scope.map((one) =>
  command(`release ${one}`, always, async (model, world) => {
    const isDone = await world.release(one)
    same('a release', isDone, !model.isAway)
    if (isDone) model.end(one)
  }),
)
const goAway = fc.constant(
  command('the database goes away', isBack, async (model, world) => {
    model.isAway = true
    world.database.goAway()
  }),
)
const comeBack = fc.constant(
  command(
    'the database is back',
    ({ isAway }) => isAway,
    async (model, world) => {
      model.isAway = false
      world.database.isAway = false
      await world.settle()
    },
  ),
)
const restart = fc.constant(command('restart', always, async (_, world) => world.restart()))
const lose = scope.map((one) =>
  command(
    `the database loses ${one}`,
    (model) => isBack(model) && model.stops.has(one) && !model.isDrilled,
    async (model, world) => {
      world.lose(one)
      // Stored again from the latch, as it was.
      model.changes += 1
      await world.settle()
    },
  ),
)
const drill = fc.constant(
  command(
    'a drill begins',
    (model) => isBack(model) && !model.stops.has('strategy:ana_v1'),
    async (model, world) => {
      model.stop('strategy:ana_v1', 'HALTED', world.clock.nowMs())
      model.isDrilled = true
      await world.beginDrill()
    },
  ),
)
const endDrill = fc.constant(
  command('the drill ends', isBack, async (model, world) => {
    if (model.isDrilled) model.end('strategy:ana_v1')
    await world.endDrill()
  }),
)

const commands = fc.commands(
  [activate, activate, release, goAway, comeBack, restart, lose, drill, endDrill],
  { maxCommands: 20 },
)

const agrees = (defect: Defect) =>
  fc.asyncProperty(commands, async (steps) => {
    const world = await World.open(defect)
    try {
      await fc.asyncModelRun(() => ({ model: new Model(), real: world }), steps)
    } finally {
      await world.close()
    }
  })

describe('the kill switch and an independent model of it', () => {
  it(
    `agree on every level, instant, order and entry in ${RUNS} histories with outages, restarts and drills`,
    async () => {
      const found = await fc.check(agrees('none'), { numRuns: RUNS, seed: SEED })
      expect(found.failed, `${String(found.errorInstance)} ${fc.defaultReportMessage(found)}`).toBe(false)
    },
    RUNS * 300 + 60_000,
  )

  it('acknowledges a stop that the database has, though that goes away a moment later', async () => {
    const world = await World.open('none')
    let isStored = false
    world.onStatement = (what) => {
      if (isStored) world.database.isAway = true
      if (what === 'commit') isStored = true
    }
    const { state, affectedStrategies } = await world.activate('strategy:ana_v1', 'HALTED')
    expect([isStored, world.database.isAway, state, affectedStrategies]).toEqual([
      ...[true, true, 'HALTED', ['ana_v1']],
    ])
    await world.close()
  })

  it('tells whoever stops what that changed, though the keeper looks at the latch before it is stored', async () => {
    const world = await World.open('none')
    world.onDrain = () => world.settle()
    const { affectedStrategies } = await world.activate('strategy:ana_v1', 'HALTED')
    expect(affectedStrategies).toEqual(['ana_v1'])
    await world.close()
  })

  it.each<Defect>([
    'loosens a stop that is asked for again',
    'counts from the last activation',
    'releases every scope with one',
    'forgets the latch at a restart',
    'ends what was stopped in earnest with a drill',
    'acknowledges a release that could not be stored',
  ])(
    'would show one that %s',
    async (defect) => {
      const found = await fc.check(agrees(defect), { numRuns: 2_000, seed: 7, endOnFailure: true })
      expect(found.failed).toBe(true)
    },
    120_000,
  )
})
