import { gridSize, type RankingMetric } from '@quantdeck/backtest'
import { findRun, type Study } from '@quantdeck/db'
import { AppError } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { type CreatedRun, storeRun } from '../runs/operations-create.ts'
import {
  type BacktestSettings,
  parameterSpecs,
  type PlannedRequest,
  planRequest,
  requireRunnable,
} from '../runs/plan-request.ts'
import { refuse } from '../runs/run-data.ts'
import { figuresOf } from '../studies/execute-sweep.ts'
import { getStudy, storeStudy } from '../studies/operations.ts'
import { type AxisInput, planAxes } from '../studies/plan-axes.ts'
import { problemOf, setsOf, type SweepRequest, toStudyRequest } from '../studies/study-request.ts'
import { toSweepResult } from '../studies/study-result.ts'
import { trialsOf } from '../studies/trials.ts'

export interface CreateSweepInput extends BacktestSettings {
  strategyId: string
  method: 'grid' | 'random'
  axes: AxisInput[]
  samples: number | null
  metric: RankingMetric
  /** Made of an idempotency key: the same request meets the same sweep. */
  studyId: string | null
}

export const MOST_CELLS = 2_000
const DEFAULT_SAMPLES = 100

/**
 * Accepts a sweep: everything that can be wrong with it is said now, not later in the job.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR with the field
 */
export async function createSweep(deps: Deps, actor: Actor, input: CreateSweepInput): Promise<Study> {
  const strategy = await requireRunnable(deps, actor, input.strategyId)
  const axes = planAxes(input.axes, parameterSpecs(strategy))
  const { method, metric } = input
  if (method === 'grid' && input.samples !== null)
    refuse([{ field: 'samples', message: 'samples goes with method "random" only' }])
  if (method === 'grid' && gridSize(axes) > MOST_CELLS)
    refuse([{ field: 'axes', message: `The grid has ${gridSize(axes)} sets, at most ${MOST_CELLS} are run` }])
  const run = await planRequest(deps, strategy, input)
  const request: SweepRequest = {
    kind: 'SWEEP',
    run,
    axes,
    metric,
    method,
    samples: input.samples ?? DEFAULT_SAMPLES,
  }
  const sets = setsOf(request)
  if (sets.every((set) => problemOf(request, set) !== null))
    refuse([{ field: 'axes', message: `No set is allowed: ${problemOf(request, sets[0] ?? {}) ?? ''}` }])
  return storeStudy(deps, actor, { studyId: input.studyId, strategy, request, cellsTotal: sets.length })
}

/**
 * Runs one cell of a sweep again as a full run, with the sweep's own request: the strategy may have changed since.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT for a cell that has no figures
 */
export async function promoteCell(
  deps: Deps,
  actor: Actor,
  input: { sweepId: string; index: number; runId: string | null },
): Promise<CreatedRun> {
  const study = await getStudy(deps, actor, 'SWEEP', input.sweepId)
  const strategy = await requireRunnable(deps, actor, study.strategyId)
  const sweep = toStudyRequest(study.request)
  const cells = (toSweepResult(study.result)?.cells ?? []).map(figuresOf)
  const set = setsOf(sweep)[input.index]
  if (set === undefined || (cells[input.index] ?? null) === null)
    throw new AppError('CONFLICT', `The cell ${input.index} has no figures`)
  const origin = `Cell ${input.index} of sweep ${study.studyId}, picked from ${cells.length} sets`
  const request: PlannedRequest = {
    ...sweep.run,
    parameters: { ...sweep.run.parameters, ...set },
    trials: trialsOf(cells),
    notes: [...sweep.run.notes, origin],
  }
  const known = input.runId === null ? null : await findRun(deps.db.kysely, input.runId)
  const runId = input.runId ?? randomUUID()
  const run = known ?? (await storeRun(deps, actor, { runId, strategy, request }))
  return { run, notes: request.notes }
}
