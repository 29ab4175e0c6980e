import {
  type Axis,
  gridOf,
  type ParameterSet,
  type RankingMetric,
  randomSets,
  REFERENCE_STRATEGIES,
  isReferenceModelType,
  validateParameters,
  type WalkForwardPlan,
} from '@quantdeck/backtest'
import { DAY_MS } from '@quantdeck/domain'
import type { PlannedRequest } from '../runs/plan-request.ts'

/** What every study stores: enough to repeat it. */
interface StudyBase {
  /** The run that all cells vary. */
  run: PlannedRequest
  axes: Axis[]
  metric: RankingMetric
}

export interface SweepRequest extends StudyBase {
  kind: 'SWEEP'
  method: 'grid' | 'random'
  /** Of a random sweep. */
  samples: number
}

export interface WalkForwardRequest extends StudyBase {
  kind: 'WALK_FORWARD'
  windows: Pick<
    WalkForwardPlan,
    'inSampleDays' | 'outOfSampleDays' | 'purgeDays' | 'embargoDays' | 'isAnchored'
  >
}

export type StudyRequest = SweepRequest | WalkForwardRequest

/** A stored request. It was written by {@link StudyRequest}'s own author. */
export function toStudyRequest(stored: unknown): StudyRequest {
  return stored as StudyRequest
}

function integersOf({ run }: StudyBase): ReadonlySet<string> {
  if (!isReferenceModelType(run.modelType)) return new Set()
  const specs = REFERENCE_STRATEGIES[run.modelType].parameters
  return new Set(specs.filter(({ kind }) => kind === 'integer').map(({ name }) => name))
}

/** The parameter sets of a study in the order of their index: the same for the same request, always. */
export function setsOf(request: StudyRequest): ParameterSet[] {
  if (request.kind === 'WALK_FORWARD' || request.method === 'grid') return gridOf(request.axes)
  const { samples: count, run } = request
  return randomSets(request.axes, { count, seed: run.seed, integers: integersOf(request) })
}

/** Why the strategy does not allow a set, in a sentence; null if it does. */
export function problemOf({ run }: StudyBase, set: ParameterSet): string | null {
  if (!isReferenceModelType(run.modelType)) return null
  const { problems } = validateParameters(run.modelType, { ...run.parameters, ...set }, 'ignore')
  return problems[0]?.message ?? null
}

/** The range of a study in ms, [from, to). */
export function rangeOf({ run }: StudyBase): { from: number; to: number } {
  return {
    from: Date.parse(`${run.startDate}T00:00:00Z`),
    to: Date.parse(`${run.endDate}T00:00:00Z`) + DAY_MS,
  }
}
