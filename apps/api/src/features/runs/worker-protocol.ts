import type { CellJob, CellOutput } from './cells.ts'
import type { RunOutput, RunSpec } from './run-spec.ts'
import type { SharedBars } from './shared-bars.ts'

/** A run, or some of the runs of a study, on its way to the worker. */
export interface WorkerTask {
  spec: RunSpec
  bars: SharedBars[]
  /** Two Int32: cells of {@link CONTROL}. Polled, so that ten million bars send no messages. */
  control: SharedArrayBuffer
  /** Of a study; null: one whole run. */
  cells: CellJob[] | null
}

/**
 * Cells of a task's control block: 1 asks to stop; progress of a run in ten-thousandths, of a study in finished runs (its
 * tasks share one block).
 */
export const CONTROL = { cancel: 0, progress: 1 } as const
export const PROGRESS_STEPS = 10_000

export function newControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)
}

/** `cancelled`: as asked; `refused`: the input or the strategy is at fault, trying again is no use. */
export type WorkerAnswer<Done = { output: RunOutput }> =
  | ({ kind: 'done' } & Done)
  | { kind: 'cancelled' }
  | { kind: 'refused'; message: string }
  | { kind: 'defect'; message: string }

export type CellsAnswer = WorkerAnswer<{ outputs: CellOutput[]; dataHash: string }>
