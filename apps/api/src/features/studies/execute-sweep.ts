import { ranks } from '@quantdeck/backtest'
import { deflatedSharpe, simpleReturns } from '@quantdeck/risk'
import type { CellJob, CellOutput } from '../runs/cells.ts'
import type { StudyLanes } from './lanes.ts'
import { problemOf, rangeOf, setsOf, type SweepRequest } from './study-request.ts'
import type { StoredCell, SweepResult } from './study-result.ts'
import { trialsOf } from './trials.ts'

/** A cell's figures; null while it waits or where it failed. */
export function figuresOf(cell: StoredCell | undefined): readonly (number | null)[] | null {
  return Array.isArray(cell) ? cell : null
}

/** A sweep at work; `snapshot` may be asked for at any time. */
export class SweepExecution {
  readonly #request: SweepRequest
  readonly #lanes: StudyLanes
  readonly #notes: string[]
  readonly #cells: StoredCell[]
  readonly #jobs: CellJob[]
  #deflatedSharpe: number | null = null

  constructor(request: SweepRequest, lanes: StudyLanes, notes: string[]) {
    this.#request = request
    this.#lanes = lanes
    this.#notes = notes
    const sets = setsOf(request)
    this.#cells = sets.map((set) => problemOf(request, set))
    const startT = rangeOf(request).from
    this.#jobs = sets.flatMap((parameters, index) =>
      this.#cells[index] === null
        ? [{ index, parameters, startT, endT: null, initialCapital: null, isDetailed: false }]
        : [],
    )
  }

  /** Sets that are not run count as done. */
  get done(): number {
    return Math.min(this.#cells.length, this.#lanes.done + this.#cells.length - this.#jobs.length)
  }

  snapshot(): SweepResult {
    return {
      dataHash: this.#lanes.dataHash,
      notes: this.#notes,
      cells: this.#cells,
      deflatedSharpe: this.#deflatedSharpe,
    }
  }

  async run(): Promise<void> {
    await this.#lanes.run(this.#jobs, ({ index, figures, error }) => {
      this.#cells[index] = figures ?? error
    })
    await this.#judgeBest()
  }

  /** The best cell once more, with its curve: is it better than luck? */
  async #judgeBest(): Promise<void> {
    const figures = this.#cells.map(figuresOf)
    const best = ranks(figures, this.#request.metric).indexOf(1)
    const trials = trialsOf(figures)
    const job = this.#jobs.find(({ index }) => index === best)
    if (trials === null || job === undefined) return
    let output: CellOutput | null = null
    await this.#lanes.run([{ ...job, isDetailed: true }], (one) => (output = one))
    const curve = (output as CellOutput | null)?.detail?.curve ?? []
    const returns = simpleReturns(curve.map(({ equity }) => equity))
    this.#deflatedSharpe = deflatedSharpe(returns, trials.count, trials.sharpeVariance)
  }
}
