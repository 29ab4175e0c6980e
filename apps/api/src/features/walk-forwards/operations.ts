import { gridSize, type RankingMetric, type WalkForwardPlan } from '@quantdeck/backtest'
import type { Study } from '@quantdeck/db'
import type { Actor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { type BacktestSettings, parameterSpecs, planRequest, requireRunnable } from '../runs/plan-request.ts'
import { refuse } from '../runs/run-data.ts'
import { cellsOf, windowsOf } from '../studies/execute-walk-forward.ts'
import { storeStudy } from '../studies/operations.ts'
import { type AxisInput, planAxes } from '../studies/plan-axes.ts'
import { problemOf, setsOf, type WalkForwardRequest } from '../studies/study-request.ts'

export interface CreateWalkForwardInput extends BacktestSettings {
  strategyId: string
  axes: AxisInput[]
  windows: Omit<WalkForwardPlan, 'from' | 'to'>
  metric: RankingMetric
  /** Made of an idempotency key: the same request meets the same study. */
  studyId: string | null
}

const MOST_WINDOWS = 200
const MOST_CELLS = 20_000

/**
 * Accepts a walk-forward study: everything that can be wrong with it is said now, not later in the job.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR with the field
 */
export async function createWalkForward(
  deps: Deps,
  actor: Actor,
  input: CreateWalkForwardInput,
): Promise<Study> {
  const strategy = await requireRunnable(deps, actor, input.strategyId)
  const axes = planAxes(input.axes, parameterSpecs(strategy))
  if (gridSize(axes) > MOST_CELLS)
    refuse([
      { field: 'axes', message: `The grid has ${gridSize(axes)} sets, at most ${MOST_CELLS} runs are made` },
    ])
  const run = await planRequest(deps, strategy, input)
  const { windows, metric } = input
  const request: WalkForwardRequest = { kind: 'WALK_FORWARD', run, axes, metric, windows }
  assertWindows(request)
  const cellsTotal = cellsOf(request)
  if (cellsTotal > MOST_CELLS)
    refuse([{ field: 'axes', message: `The study has ${cellsTotal} runs, at most ${MOST_CELLS} are made` }])
  return storeStudy(deps, actor, { studyId: input.studyId, strategy, request, cellsTotal })
}

/** @throws AppError VALIDATION_ERROR with the field */
function assertWindows(request: WalkForwardRequest): void {
  const count = windowsOf(request).length
  const { inSampleDays, purgeDays, embargoDays } = request.windows
  if (count === 0) {
    const needed = inSampleDays + purgeDays + embargoDays + 1
    const message = `Not even one window fits between ${request.run.startDate} and ${request.run.endDate}: it needs ${needed} days`
    refuse([{ field: 'in_sample_days', message }])
  }
  if (count > MOST_WINDOWS)
    refuse([{ field: 'out_of_sample_days', message: `${count} windows, at most ${MOST_WINDOWS} are run` }])
  const sets = setsOf(request)
  if (sets.every((set) => problemOf(request, set) !== null))
    refuse([{ field: 'axes', message: `No set is allowed: ${problemOf(request, sets[0] ?? {}) ?? ''}` }])
}
