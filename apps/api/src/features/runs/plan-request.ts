import {
  isReferenceModelType,
  MoneyScale,
  type ParameterSpec,
  REFERENCE_STRATEGIES,
  type Trials,
  validateParameters,
} from '@quantdeck/backtest'
import { findInstrument } from '@quantdeck/db'
import {
  AppError,
  type Decimal,
  ensureDefined,
  type ErrorDetail,
  isDecimalString,
  type JsonValue,
  type Strategy,
  utcDay,
} from '@quantdeck/domain'
import { type Actor, hasRole, requireRole } from '../../auth/actor.ts'
import { mayChangeStrategy, requireStrategy } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { planCosts, planSizing, type TradingSettings } from './plan-settings.ts'
import { assertSignals, planData, refuse } from './run-data.ts'
import type { RunRequest } from './run-request.ts'

/** What every request names that runs a strategy over stored bars. */
export interface BacktestSettings extends TradingSettings {
  /** Days, inclusive. */
  startDate: string
  endDate: string
  initialCapital: Decimal
  /** Instead of the strategy's universe. */
  symbols?: string[] | undefined
  /** Merged over the strategy's configuration. */
  parameters?: Record<string, JsonValue> | undefined
  seed?: number | undefined
  riskEngine?: boolean | undefined
  /** The trials that the parameters were picked from. */
  trials?: Trials | null
}

/** A request complete and checked, with the number of bars that it will see. */
export type PlannedRequest = RunRequest & { bars: number }

/** Settings that are the house's rather than a model's. */
const COMMON_KEYS = ['risk_per_trade_pct', 'signal_threshold']

/**
 * The strategy, for somebody who may run it.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function requireRunnable(deps: Deps, actor: Actor, strategyId: string): Promise<Strategy> {
  requireRole(actor, 'trader')
  const strategy = await requireStrategy(deps, actor, strategyId)
  if (!mayChangeStrategy(actor, strategy) && !hasRole(actor, 'risk')) {
    throw new AppError('FORBIDDEN', 'Only its owner, risk or an admin may run this strategy')
  }
  return strategy
}

/** The parameters that a strategy's model knows; none where it lives outside. */
export function parameterSpecs(strategy: Strategy): readonly ParameterSpec[] {
  const modelType = strategy.config['model_type']
  return isReferenceModelType(modelType) ? REFERENCE_STRATEGIES[modelType].parameters : []
}

/**
 * A request complete and held against the strategy and the bars there are.
 * @throws AppError VALIDATION_ERROR with the field and, for data, what exists
 */
export async function planRequest(
  deps: Deps,
  strategy: Strategy,
  input: BacktestSettings,
): Promise<PlannedRequest> {
  if (input.startDate > input.endDate) {
    refuse([{ field: 'end_date', message: 'end_date must not be before start_date' }])
  }
  const symbols = input.symbols ?? strategy.universe
  if (symbols.length === 0)
    refuse([{ field: 'symbols', message: 'The strategy has no universe: name the symbols' }])
  const model = modelOf(strategy, input.parameters ?? {})
  const today = utcDay(deps.clock.now())
  const { startDate, endDate } = input
  const data = await planData(deps.db.kysely, { symbols: [...new Set(symbols)], startDate, endDate, today })
  if (model.modelType === 'signals')
    await assertSignals(deps.db.kysely, strategy.strategyId, { startDate, endDate })
  await assertCapital(deps, input.initialCapital, data.symbols)
  return {
    ...model,
    symbols: data.symbols,
    startDate,
    endDate: data.endDate,
    initialCapital: input.initialCapital.toFixed(),
    costs: planCosts(input),
    fill: input.fill ?? 'next_open',
    sizing: planSizing(input, model.riskPerTradePct),
    seed: input.seed ?? 1,
    isRiskEngineOn: input.riskEngine ?? true,
    trials: input.trials ?? null,
    notes: data.notes,
    bars: data.bars,
  }
}

type Model = Pick<RunRequest, 'modelType' | 'parameters' | 'riskPerTradePct' | 'signalThreshold'>

/** The strategy's configuration with the request's parameters over it, as far as its model type knows them. */
function modelOf(strategy: Strategy, parameters: Record<string, JsonValue>): Model {
  const merged: Record<string, unknown> = { ...strategy.config, ...parameters }
  const modelType = strategy.config['model_type']
  const reference = isReferenceModelType(modelType) ? modelType : null
  const specs = reference === null ? [] : REFERENCE_STRATEGIES[reference].parameters
  const known = new Set([...specs.map((spec) => spec.name), ...COMMON_KEYS])
  const unknown: ErrorDetail[] = Object.keys(parameters)
    .filter((name) => !known.has(name))
    .map((name) => ({
      field: `parameters.${name}`,
      message: `${name} is not a parameter of ${typeof modelType === 'string' ? modelType : 'this model'}; known: ${[...known].join(', ')}`,
    }))
  if (unknown.length > 0) refuse(unknown)
  const common = commonSettings(merged)
  if (reference === null) return { modelType: 'signals', parameters: {}, ...common }
  const { values, problems } = validateParameters(reference, merged, 'ignore')
  if (problems.length > 0) {
    refuse(problems.map(({ field, message }) => ({ field: `parameters.${field}`, message })))
  }
  return { modelType: reference, parameters: values, ...common }
}

function commonSettings(merged: Record<string, unknown>): Pick<Model, 'riskPerTradePct' | 'signalThreshold'> {
  const risk = merged['risk_per_trade_pct']
  const threshold = merged['signal_threshold']
  const percent = typeof risk === 'number' || typeof risk === 'string' ? String(risk) : null
  const isPercent =
    percent !== null && isDecimalString(percent) && Number(percent) > 0 && Number(percent) <= 100
  if (risk !== undefined && !isPercent) {
    refuse([
      { field: 'parameters.risk_per_trade_pct', message: 'risk_per_trade_pct must be above 0, at most 100' },
    ])
  }
  const isFraction = typeof threshold === 'number' && threshold >= 0 && threshold <= 1
  if (threshold !== undefined && !isFraction) {
    refuse([
      { field: 'parameters.signal_threshold', message: 'signal_threshold must be a number from 0 to 1' },
    ])
  }
  return {
    riskPerTradePct: percent,
    signalThreshold: isFraction ? threshold : null,
  }
}

/** @throws AppError VALIDATION_ERROR for a capital that the engine cannot count exactly */
async function assertCapital(deps: Deps, capital: Decimal, symbols: readonly string[]): Promise<void> {
  const instruments = []
  for (const symbol of symbols) {
    const found = ensureDefined(await findInstrument(deps.db.kysely, symbol), symbol)
    instruments.push({
      symbol,
      tickSize: found.tickSize.toFixed(),
      lotSize: found.lotSize.toFixed(),
      multiplier: found.multiplier.toFixed(),
      quotedInverse: found.currency !== 'USD',
    })
  }
  const problem = MoneyScale.findProblem(capital, instruments)
  if (problem !== null) refuse([{ field: 'initial_capital', message: problem }])
}
