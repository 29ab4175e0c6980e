import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RunSpec } from './run-spec.ts'
import type { SharedBars } from './shared-bars.ts'
import type { CellJob } from './cells.ts'
import {
  type CellsAnswer,
  CONTROL,
  newControl,
  PROGRESS_STEPS,
  type WorkerAnswer,
  type WorkerTask,
} from './worker-protocol.ts'

/** The pool was closed while a run was in it; the run has to be tried again later. */
export class PoolClosed extends Error {}

/** A run in a worker: how far it is, and how to stop it. */
export interface RunningTask {
  readonly answer: Promise<WorkerAnswer>
  /** 0..1 */
  progress(): number
  cancel(): void
}

const isSource = import.meta.url.endsWith('.ts')

function spawn(): Worker {
  // Run from source, Node needs to be told once more which files the packages' names mean.
  const entry = new URL(isSource ? './backtest-worker.ts' : './backtest-worker.js', import.meta.url)
  const worker = new Worker(entry, isSource ? { execArgv: ['--conditions=@quantdeck/source'] } : {})
  worker.unref()
  return worker
}

/** Warm worker threads; each runs one backtest at a time. The API's own thread stays free. */
export class WorkerPool {
  /** How many runs go on at a time; one core is left to the API. */
  readonly size: number = Math.max(1, availableParallelism() - 1)
  /** How many pieces of a study are worked on at a time: every core, at a lower priority than requests. */
  readonly lanes: number = availableParallelism()
  readonly #idle: Worker[] = []
  readonly #busy = new Set<Worker>()
  #isClosed = false

  /** Starts a thread ahead of time, so that the first run does not wait for it. */
  warm(): void {
    if (!this.#isClosed && this.#idle.length + this.#busy.size === 0) this.#idle.push(this.#watched(spawn()))
  }

  /** A thread that dies while idle is forgotten. */
  #watched(worker: Worker): Worker {
    worker.on('exit', () => {
      const index = this.#idle.indexOf(worker)
      if (index >= 0) this.#idle.splice(index, 1)
    })
    return worker
  }

  run(spec: RunSpec, bars: SharedBars[]): RunningTask {
    const control = newControl()
    const state = new Int32Array(control)
    return {
      answer: this.#perform<WorkerAnswer>({ spec, bars, control, cells: null }),
      progress: () => Atomics.load(state, CONTROL.progress) / PROGRESS_STEPS,
      cancel: () => void Atomics.store(state, CONTROL.cancel, 1),
    }
  }

  /** Some runs of a study, one after the other in one thread; `control` is shared by all pieces of the study. */
  runCells(
    spec: RunSpec,
    bars: SharedBars[],
    cells: CellJob[],
    control: SharedArrayBuffer,
  ): Promise<CellsAnswer> {
    return this.#perform<CellsAnswer>({ spec, bars, control, cells })
  }

  async #perform<Answer extends WorkerAnswer | CellsAnswer>(task: WorkerTask): Promise<Answer> {
    if (this.#isClosed) throw new PoolClosed('the server is stopping')
    const worker = this.#idle.pop() ?? this.#watched(spawn())
    return new Promise<Answer>((resolve, reject) => {
      const settle = (): void => {
        this.#busy.delete(worker)
        worker.off('message', onMessage).off('error', onError).off('exit', onExit).unref()
      }
      const onMessage = (answer: Answer): void => {
        settle()
        if (!this.#isClosed) this.#idle.push(worker)
        resolve(answer)
      }
      // Out of memory ends the thread with an error of its own; the next run gets a new thread.
      const onError = (error: Error): void => {
        settle()
        const refused = { kind: 'refused', message: `the run ended its worker: ${error.message}` } as const
        resolve(refused as Answer)
      }
      const onExit = (): void => {
        settle()
        reject(new PoolClosed('the worker was stopped'))
      }
      this.#busy.add(worker)
      worker.ref()
      worker.on('message', onMessage).on('error', onError).on('exit', onExit)
      worker.postMessage(task)
    })
  }

  /** Ends every thread; runs in them are rejected with {@link PoolClosed}. */
  async close(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#idle.splice(0), ...this.#busy]
    await Promise.all(all.map((worker) => worker.terminate()))
  }
}
