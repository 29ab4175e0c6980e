import type { TestApi } from '../harness.ts'
import { makeFinished } from './finished.ts'

export function runOf(strategyId: string) {
  const range = { start_date: '2025-01-01', end_date: '2025-04-01' }
  return { strategy_id: strategyId, ...range, initial_capital: '10000' }
}

export function sweepOf(strategyId: string) {
  return { ...runOf(strategyId), axes: [{ name: 'size', values: [0.5, 1] }] }
}

export function walkForwardOf(strategyId: string) {
  return { ...sweepOf(strategyId), in_sample_days: 30, out_of_sample_days: 30 }
}

/** Two runs to compare and one of each kind of study. */
export interface ResultIds {
  runId: string
  otherRunId: string
  sweepId: string
  walkForwardId: string
}

/** Real results of a strategy, asked for by whose token it is. */
export async function makeResults(api: TestApi, token: string, strategyId: string): Promise<ResultIds> {
  const run = { path: '/v1/runs', idField: 'run_id', request: runOf(strategyId) }
  const sweep = { path: '/v1/sweeps', idField: 'sweep_id', request: sweepOf(strategyId) }
  const study = walkForwardOf(strategyId)
  const walkForward = { path: '/v1/walk-forwards', idField: 'walk_forward_id', request: study }
  return {
    runId: await makeFinished(api, token, run),
    otherRunId: await makeFinished(api, token, run),
    sweepId: await makeFinished(api, token, sweep),
    walkForwardId: await makeFinished(api, token, walkForward),
  }
}
