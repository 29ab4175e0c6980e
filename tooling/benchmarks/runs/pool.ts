import { type BarColumns, NO_COSTS } from '@quantdeck/backtest'
import type { CellJob } from '../../../apps/api/src/features/runs/cells.ts'
import type { RunSpec } from '../../../apps/api/src/features/runs/run-spec.ts'
import {
  allocateShared,
  type SharedBars,
  sharedBarsOf,
} from '../../../apps/api/src/features/runs/shared-bars.ts'
import { WorkerPool } from '../../../apps/api/src/features/runs/worker-pool.ts'
import { newControl } from '../../../apps/api/src/features/runs/worker-protocol.ts'
import { StudyLanes } from '../../../apps/api/src/features/studies/lanes.ts'
import { randomBars } from '../backtest/random-bars.ts'
import type { Comparison, Sample } from '../suite.ts'

const RUN_BARS = 1_000_000
const HAND_OVERS = 200
const SWEEP_BARS = 50_000
/** 20 fast periods by 20 slow ones. */
const SIDE = 20

function share(bars: BarColumns): SharedBars {
  const columns = allocateShared(bars.t.length)
  columns.openedAtMs.set(bars.t)
  columns.closedAtMs.set(bars.t.map((t) => t + 60_000))
  for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) columns[name].set(bars[name])
  return sharedBarsOf(columns)
}

function specOf(runId: string): RunSpec {
  return {
    ...{ runId, strategyId: 'bench', modelType: 'sma_cross', signals: {}, notes: [] },
    parameters: { fast_period: 10, slow_period: 30, size: 0.5, direction: 'long' },
    instruments: [{ symbol: 'X', tickSize: '0.01', lotSize: '1', multiplier: '1' }],
    ...{ startT: 0, initialCapital: '100000', costs: { ...NO_COSTS, feeBps: 0.5 }, fill: 'next_open' },
    sizing: { kind: 'fraction', of: 'allocation', riskPerTrade: null },
    ...{ seed: 1, trials: null, risk: null },
  }
}

async function timed(operations: number, work: () => Promise<void>): Promise<Sample> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await work()
  const wallMs = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  return { operations, wallMs, cpuMs: (user + system) / 1000 }
}

/** The product's worker threads, without the server around them. */
export class PoolBench {
  readonly #pool = new WorkerPool()

  /** A million bars go to a worker and an answer comes back, nothing computed, against a whole run of them. */
  handOver(): Comparison {
    const bars = [share(randomBars(RUN_BARS, 7))]
    const nothing = () => this.#pool.runCells(specOf('hand-over'), bars, [], newControl())
    return {
      goal: 'P12',
      title: `${RUN_BARS.toLocaleString('en')} bars handed over to a worker and back, against the run itself`,
      figure: 'wall',
      baseline: {
        name: 'the whole run',
        run: () =>
          timed(1, async () => {
            const { kind } = await this.#pool.run(specOf('run'), bars).answer
            if (kind !== 'done') throw new Error(`the run ended as ${kind}`)
          }),
      },
      candidates: [
        {
          name: 'hand-over alone',
          run: async () => {
            await nothing()
            return timed(HAND_OVERS, async () => {
              for (let i = 0; i < HAND_OVERS; i++) await nothing()
            })
          },
          bound: { atLeast: 100 },
        },
      ],
    }
  }

  /** The same sweep in one thread and in as many as there are cores. */
  sweep(): Comparison {
    const bars = [share(randomBars(SWEEP_BARS, 9))]
    const jobs = Array.from({ length: SIDE * SIDE }, (_, index): CellJob => {
      const parameters = { fast_period: 5 + (index % SIDE), slow_period: 30 + 2 * Math.floor(index / SIDE) }
      return { index, parameters, startT: 0, endT: null, initialCapital: null, isDetailed: false }
    })
    const run = (lanes: number) => (): Promise<Sample> => {
      const runCells = this.#pool.runCells.bind(this.#pool)
      return timed(jobs.length, async () => {
        let done = 0
        await new StudyLanes({ runCells, lanes }, specOf('sweep'), bars).run(jobs, ({ error }) => {
          if (error !== null) throw new Error(error)
          done += 1
        })
        if (done !== jobs.length) throw new Error(`${done} sets were run`)
      })
    }
    return {
      goal: null,
      title: `a sweep of ${jobs.length} parameter sets over ${SWEEP_BARS.toLocaleString('en')} bars, against one worker`,
      figure: 'wall',
      baseline: { name: 'one worker', run: run(1) },
      candidates: [
        { name: `${this.#pool.lanes} workers`, run: run(this.#pool.lanes), bound: { atLeast: 1.5 } },
      ],
    }
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
