import { BacktestCancelled, type BarColumns, StrategyFailed } from '@quantdeck/backtest'
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { executeCells, hashBars } from './cells.ts'
import { executeSpec } from './run-spec.ts'
import { viewBars } from './shared-bars.ts'
import {
  type CellsAnswer,
  CONTROL,
  PROGRESS_STEPS,
  type WorkerAnswer,
  type WorkerTask,
} from './worker-protocol.ts'

/** Linux has priorities by thread: requests come before backtests where both want the same core. */
const BACKGROUND = 10
if (process.platform === 'linux') setPriority(BACKGROUND)

/** Whatever a run does wrong ends that run, never the thread. */
function guarded<Answer>(work: () => Answer): Answer | Exclude<WorkerAnswer, { kind: 'done' }> {
  try {
    return work()
  } catch (error) {
    if (error instanceof BacktestCancelled) return { kind: 'cancelled' }
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof StrategyFailed || error instanceof RangeError) return { kind: 'refused', message }
    return { kind: 'defect', message }
  }
}

function performRun({ spec, control }: WorkerTask, columns: BarColumns[]): WorkerAnswer {
  const cells = new Int32Array(control)
  const output = executeSpec(spec, columns, {
    isCancelled: () => Atomics.load(cells, CONTROL.cancel) === 1,
    onProgress: (done, total) => {
      Atomics.store(cells, CONTROL.progress, total === 0 ? 0 : Math.floor((done / total) * PROGRESS_STEPS))
    },
  })
  return { kind: 'done', output }
}

/** The bars of the study that this thread worked on last; its tasks come in many pieces. */
let hashed: { studyId: string; dataHash: string } | null = null

function performCells(
  { spec, control }: WorkerTask,
  columns: BarColumns[],
  jobs: NonNullable<WorkerTask['cells']>,
): CellsAnswer {
  const state = new Int32Array(control)
  if (hashed?.studyId !== spec.runId) hashed = { studyId: spec.runId, dataHash: hashBars(spec, columns) }
  const { dataHash } = hashed
  const outputs = executeCells({ ...spec, dataHash }, columns, jobs, {
    isCancelled: () => Atomics.load(state, CONTROL.cancel) === 1,
    onDone: () => void Atomics.add(state, CONTROL.progress, 1),
  })
  return { kind: 'done', outputs, dataHash }
}

parentPort?.on('message', (task: WorkerTask) => {
  const answer = guarded<WorkerAnswer | CellsAnswer>(() => {
    const columns = task.bars.map(viewBars)
    return task.cells === null ? performRun(task, columns) : performCells(task, columns, task.cells)
  })
  parentPort?.postMessage(answer)
})
