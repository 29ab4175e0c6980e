import { BUY_AND_HOLD_PARAMETERS, BuyAndHold } from './buy-and-hold.ts'
import { DONCHIAN_PARAMETERS, DonchianBreakout } from './donchian.ts'
import { MEAN_REVERSION_PARAMETERS, MeanReversion } from './mean-reversion.ts'
import { MOMENTUM_PARAMETERS, Momentum } from './momentum.ts'
import type { ParameterSpec, ParameterValues, ParsedParameters } from './parameters.ts'
import { numberOf, parseParameters } from './parameters.ts'
import type { StrategyInstance } from './port.ts'
import type { ReplaySignal } from './signals.ts'
import { SignalReplay } from './signals.ts'
import { SMA_CROSS_PARAMETERS, SmaCross } from './sma-cross.ts'

/** Values of `config.model_type` that name a strategy running inside. Any other value means signals from outside. */
export const REFERENCE_MODEL_TYPES = [
  'sma_cross',
  'momentum',
  'mean_reversion',
  'donchian',
  'buy_and_hold',
] as const
export type ReferenceModelType = (typeof REFERENCE_MODEL_TYPES)[number]

export interface ReferenceStrategy {
  readonly modelType: ReferenceModelType
  readonly title: string
  readonly parameters: readonly ParameterSpec[]
  readonly create: (values: ParameterValues) => StrategyInstance
  /** Rules that need more than one value; null when all is well. */
  readonly check?: (values: ParameterValues) => { field: string; message: string } | null
}

function checkPeriods(values: ParameterValues): { field: string; message: string } | null {
  if (numberOf(values, 'fast_period') < numberOf(values, 'slow_period')) return null
  return { field: 'fast_period', message: 'fast_period must be below slow_period' }
}

/** The reference strategies with their parameters, as a form or a document needs them. */
export const REFERENCE_STRATEGIES: Readonly<Record<ReferenceModelType, ReferenceStrategy>> = {
  sma_cross: {
    modelType: 'sma_cross',
    title: 'Crossing of two simple averages',
    parameters: SMA_CROSS_PARAMETERS,
    create: (values) => new SmaCross(values),
    check: checkPeriods,
  },
  momentum: {
    modelType: 'momentum',
    title: 'Time-series momentum',
    parameters: MOMENTUM_PARAMETERS,
    create: (values) => new Momentum(values),
  },
  mean_reversion: {
    modelType: 'mean_reversion',
    title: 'Reversion to a rolling mean',
    parameters: MEAN_REVERSION_PARAMETERS,
    create: (values) => new MeanReversion(values),
  },
  donchian: {
    modelType: 'donchian',
    title: 'Donchian channel breakout',
    parameters: DONCHIAN_PARAMETERS,
    create: (values) => new DonchianBreakout(values),
  },
  buy_and_hold: {
    modelType: 'buy_and_hold',
    title: 'Buy and hold',
    parameters: BUY_AND_HOLD_PARAMETERS,
    create: (values) => new BuyAndHold(values),
  },
}

/** True if the value names a strategy that runs inside. */
export function isReferenceModelType(value: unknown): value is ReferenceModelType {
  return typeof value === 'string' && (REFERENCE_MODEL_TYPES as readonly string[]).includes(value)
}

/** Defaults filled in and everything checked, also across values. Unknown keys are a problem with `'reject'`. */
export function validateParameters(
  modelType: ReferenceModelType,
  raw: Readonly<Record<string, unknown>>,
  unknown: 'reject' | 'ignore' = 'reject',
): ParsedParameters {
  const strategy = REFERENCE_STRATEGIES[modelType]
  const parsed = parseParameters(strategy.parameters, raw, unknown)
  if (parsed.problems.length > 0) return parsed
  const problem = strategy.check?.(parsed.values) ?? null
  return problem === null ? parsed : { values: parsed.values, problems: [problem] }
}

function isReplaySignals(value: unknown): value is readonly ReplaySignal[] {
  return (
    Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && 'at' in item)
  )
}

/**
 * A fresh strategy for one symbol, or null if the model type names none (its signals come from outside).
 * `params` may be a strategy's whole `config`: keys that are not parameters are ignored. `signals` takes
 * `{signals: ReplaySignal[]}`.
 * @throws {RangeError} with one sentence per bad parameter
 */
export function createStrategy(
  modelType: string,
  params: Readonly<Record<string, unknown>> = {},
): StrategyInstance | null {
  if (modelType === 'signals') {
    if (!isReplaySignals(params.signals)) throw new RangeError('signals must be a list of stored signals')
    return new SignalReplay(params.signals)
  }
  if (!isReferenceModelType(modelType)) return null
  const { values, problems } = validateParameters(modelType, params, 'ignore')
  if (problems.length > 0) throw new RangeError(problems.map((problem) => problem.message).join('; '))
  return REFERENCE_STRATEGIES[modelType].create(values)
}
