import type { CellJob, CellOutput } from '../runs/cells.ts'
import type { RunSpec } from '../runs/run-spec.ts'
import type { SharedBars } from '../runs/shared-bars.ts'
import type { WorkerPool } from '../runs/worker-pool.ts'
import { CONTROL, type CellsAnswer, newControl } from '../runs/worker-protocol.ts'

/** A study was stopped before its end, by a person or by what its input or the engine did wrong. */
export class StudyStopped extends Error {
  readonly answer: Exclude<CellsAnswer, { kind: 'done' }>

  constructor(answer: StudyStopped['answer']) {
    super(answer.kind)
    this.answer = answer
  }
}

/** Enough pieces that no lane waits long for another, few enough that messages cost nothing. */
const PIECES_PER_LANE = 8
const LARGEST_PIECE = 16

/** Runs the cells of one study on every core: bars are in shared memory, each lane takes the next piece when it is free. */
export class StudyLanes {
  /** Of the study's bars; null before the first piece is back. */
  dataHash: string | null = null
  readonly #pool: Pick<WorkerPool, 'runCells' | 'lanes'>
  readonly #spec: RunSpec
  readonly #bars: SharedBars[]
  readonly #control = newControl()
  readonly #state = new Int32Array(this.#control)

  constructor(pool: Pick<WorkerPool, 'runCells' | 'lanes'>, spec: RunSpec, bars: SharedBars[]) {
    this.#pool = pool
    this.#spec = spec
    this.#bars = bars
  }

  /** Cells that are done, of all calls. */
  get done(): number {
    return Atomics.load(this.#state, CONTROL.progress)
  }

  cancel(): void {
    Atomics.store(this.#state, CONTROL.cancel, 1)
  }

  /** @throws {StudyStopped} when a piece did not come to its end; the other lanes stop as well */
  async run(jobs: readonly CellJob[], onOutput: (output: CellOutput) => void): Promise<void> {
    const { lanes } = this.#pool
    const size = Math.min(LARGEST_PIECE, Math.max(1, Math.ceil(jobs.length / (lanes * PIECES_PER_LANE))))
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < jobs.length) {
        const piece = jobs.slice(next, next + size)
        next += size
        for (const output of await this.#piece(piece)) onOutput(output)
      }
    }
    try {
      await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, lane))
    } catch (error) {
      this.cancel()
      throw error
    }
  }

  async #piece(jobs: CellJob[]): Promise<CellOutput[]> {
    const answer = await this.#pool.runCells(this.#spec, this.#bars, jobs, this.#control)
    if (answer.kind !== 'done') throw new StudyStopped(answer)
    this.dataHash ??= answer.dataHash
    return answer.outputs
  }
}
