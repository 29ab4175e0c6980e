import { BacktestCancelled, StrategyFailed } from '@quantdeck/backtest'
import { parentPort } from 'node:worker_threads'
import { executeSpec } from './run-spec.ts'
import { viewBars } from './shared-bars.ts'
import { CONTROL, PROGRESS_STEPS, type WorkerAnswer, type WorkerTask } from './worker-protocol.ts'

/** Whatever a run does wrong ends that run, never the thread. */
function perform({ spec, bars, control }: WorkerTask): WorkerAnswer {
  const cells = new Int32Array(control)
  try {
    const output = executeSpec(spec, bars.map(viewBars), {
      isCancelled: () => Atomics.load(cells, CONTROL.cancel) === 1,
      onProgress: (done, total) => {
        Atomics.store(cells, CONTROL.progress, total === 0 ? 0 : Math.floor((done / total) * PROGRESS_STEPS))
      },
    })
    return { kind: 'done', output }
  } catch (error) {
    if (error instanceof BacktestCancelled) return { kind: 'cancelled' }
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof StrategyFailed || error instanceof RangeError) return { kind: 'refused', message }
    return { kind: 'defect', message }
  }
}

parentPort?.on('message', (task: WorkerTask) => parentPort?.postMessage(perform(task)))
