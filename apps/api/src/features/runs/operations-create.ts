import {
  DEFAULT_COSTS,
  isReferenceModelType,
  MoneyScale,
  REFERENCE_STRATEGIES,
  validateParameters,
} from '@quantdeck/backtest'
import { findInstrument, findRun, insertRun, type Run, transaction } from '@quantdeck/db'
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
import { randomUUID } from 'node:crypto'
import { type Actor, hasRole, requireRole } from '../../auth/actor.ts'
import { mayChangeStrategy, requireStrategy } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { announceRun } from './execute-run.ts'
import { assertSignals, planData, refuse } from './run-data.ts'
import type { RunRequest } from './run-request.ts'

export interface CreateRunInput {
  strategyId: string
  /** Days, inclusive. */
  startDate: string
  endDate: string
  initialCapital: Decimal
  /** Instead of the strategy's universe. */
  symbols?: string[]
  /** Merged over the strategy's configuration. */
  parameters?: Record<string, JsonValue>
  /** Basis points per fill. */
  fees?: Decimal
  slippage?: Decimal
  seed?: number
  riskEngine?: boolean
  /** Made of an idempotency key: the same request meets the same run. */
  runId: string | null
}

export interface CreatedRun {
  run: Run
  notes: string[]
}

const MOST_BASIS_POINTS = 1_000
/** Settings that are the house's rather than a model's. */
const COMMON_KEYS = ['risk_per_trade_pct', 'signal_threshold']

/**
 * Accepts a backtest: everything that can be wrong with it is said now, not later in the job.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR with the field and, for data, what exists
 */
export async function createRun(deps: Deps, actor: Actor, input: CreateRunInput): Promise<CreatedRun> {
  requireRole(actor, 'trader')
  const strategy = await requireStrategy(deps, actor, input.strategyId)
  if (!mayChangeStrategy(actor, strategy) && !hasRole(actor, 'risk')) {
    throw new AppError('FORBIDDEN', 'Only its owner, risk or an admin may run this strategy')
  }
  const request = await planRequest(deps, strategy, input)
  const known = input.runId === null ? null : await findRun(deps.db.kysely, input.runId)
  if (known !== null) return { run: known, notes: request.notes }
  return { run: await store(deps, actor, strategy, { request, input }), notes: request.notes }
}

async function planRequest(
  deps: Deps,
  strategy: Strategy,
  input: CreateRunInput,
): Promise<RunRequest & { bars: number }> {
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
    costs: {
      ...DEFAULT_COSTS,
      ...(input.fees && { feeBps: basisPoints(input.fees, 'fees') }),
      ...(input.slippage && { slippageBps: basisPoints(input.slippage, 'slippage') }),
    },
    seed: input.seed ?? 1,
    isRiskEngineOn: input.riskEngine ?? true,
    notes: data.notes,
    bars: data.bars,
  }
}

function basisPoints(value: Decimal, field: string): number {
  if (value.lte(MOST_BASIS_POINTS)) return value.toNumber()
  return refuse([{ field, message: `${field} must be at most ${MOST_BASIS_POINTS} basis points` }])
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

/** What a worker needs to begin, and what it does with a thousand bars, in ms: for the first estimate only. */
const START_MS = 1_000
const PER_THOUSAND_BARS_MS = 1

async function store(
  deps: Deps,
  actor: Actor,
  strategy: Strategy,
  { request, input }: { request: RunRequest & { bars: number }; input: CreateRunInput },
): Promise<Run> {
  const runId = input.runId ?? randomUUID()
  const createdAt = deps.clock.now()
  const { bars, ...params } = request
  const estimate = createdAt.getTime() + START_MS + (bars / 1_000) * PER_THOUSAND_BARS_MS
  const run = await transaction(deps.db, async (trx) => {
    await insertRun(trx, {
      runId,
      strategyId: strategy.strategyId,
      startDate: request.startDate,
      endDate: request.endDate,
      initialCapital: input.initialCapital,
      params,
      estimatedCompletion: new Date(Math.ceil(estimate / 1_000) * 1_000),
      createdBy: actor.label,
      createdAt,
    })
    const stored = ensureDefined(await findRun(trx, runId), runId)
    await announceRun(trx, stored, createdAt)
    return stored
  })
  deps.wakeSealer()
  await deps.runs.enqueue(runId)
  return run
}
