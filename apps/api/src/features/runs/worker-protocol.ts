import type { RunOutput, RunSpec } from './run-spec.ts'
import type { SharedBars } from './shared-bars.ts'

/** A run on its way to the worker. */
export interface WorkerTask {
  spec: RunSpec
  bars: SharedBars[]
  /** Two Int32: cells of {@link CONTROL}. Polled, so that ten million bars send no messages. */
  control: SharedArrayBuffer
}

/** Cells of a task's control block: 1 asks to stop; progress in ten-thousandths. */
export const CONTROL = { cancel: 0, progress: 1 } as const
export const PROGRESS_STEPS = 10_000

/** `cancelled`: as asked; `refused`: the input or the strategy is at fault, trying again is no use. */
export type WorkerAnswer =
  | { kind: 'done'; output: RunOutput }
  | { kind: 'cancelled' }
  | { kind: 'refused'; message: string }
  | { kind: 'defect'; message: string }
