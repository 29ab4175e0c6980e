import {
  type Assumptions,
  type BacktestHooks,
  type BacktestInstrument,
  type BacktestResult,
  type BacktestTrade,
  type BarColumns,
  type CostModel,
  createStrategy,
  type DailyPoint,
  dailyCurve,
  metricsOf,
  type Refusals,
  type ReplaySignal,
  RiskEngineGate,
  type RiskEventRecord,
  runBacktest,
  type RunMetrics,
  type Sizing,
  type StrategyInstance,
  type Trials,
} from '@quantdeck/backtest'
import type { RiskInstrument, RiskLimits } from '@quantdeck/risk'

/** The live risk engine's settings for a run. */
export interface RunRisk {
  limits: RiskLimits
  accountLimits: RiskLimits
  accountShare: number
  maxPositions: number
  instruments: RiskInstrument[]
}

/** Everything a run needs beside its bars, as plain JSON: it travels to the worker thread. */
export interface RunSpec {
  runId: string
  strategyId: string
  /** A reference model type, or `signals`. */
  modelType: string
  parameters: Record<string, unknown>
  instruments: BacktestInstrument[]
  /** Stored signals by symbol, for `signals`. */
  signals: Record<string, ReplaySignal[]>
  /** ms */
  startT: number
  initialCapital: string
  costs: CostModel
  fill: 'next_open' | 'close'
  sizing: Sizing
  seed: number
  /** The trials that the parameters were picked from. */
  trials: Trials | null
  risk: RunRisk | null
  notes: string[]
  /** Of bars that were checked and hashed already, see `BacktestInput.dataHash`. */
  dataHash?: string
}

/** What a finished run stores beside its metrics; see `report`. */
export interface StoredAssumptions extends Assumptions {
  refusals: Refusals
  riskEvents: RiskEventRecord[]
  finalEquity: string
  totalFees: string
}

/** A result, the stored parts as JSON texts: serialised once, in the worker. */
export interface RunOutput {
  metrics: RunMetrics
  metricsJson: string
  equityCurveJson: string
  tradesJson: string
  assumptionsJson: string
  dataHash: string
}

export type StoredCurve = DailyPoint[]
export type StoredTrades = BacktestTrade[]

/** Bars that a strategy of these parameters needs to see before the range. */
export function warmupOf(spec: Pick<RunSpec, 'modelType' | 'parameters'>): number {
  if (spec.modelType === 'signals') return 0
  return createStrategy(spec.modelType, spec.parameters)?.warmupBars ?? 0
}

const MOST_RISK_EVENTS = 1_000

function strategyOf(spec: RunSpec, symbol: string): StrategyInstance {
  const parameters = spec.modelType === 'signals' ? { signals: spec.signals[symbol] ?? [] } : spec.parameters
  const strategy = createStrategy(spec.modelType, parameters)
  if (strategy === null) throw new RangeError(`no strategy of the type ${spec.modelType} runs inside`)
  return strategy
}

/** Runs a spec over its bars (one column set per instrument, in order). */
export function runSpec(
  spec: RunSpec,
  columns: readonly BarColumns[],
  hooks: BacktestHooks = {},
): BacktestResult {
  return runBacktest(
    {
      symbols: spec.instruments.map((instrument, i) => {
        const bars = columns[i]
        if (bars === undefined) throw new Error(`no bars of ${instrument.symbol}`)
        return { instrument, bars, strategy: strategyOf(spec, instrument.symbol) }
      }),
      initialCapital: spec.initialCapital,
      startT: spec.startT,
      fill: spec.fill,
      costs: spec.costs,
      sizing: spec.sizing,
      seed: spec.seed,
      ...(spec.dataHash !== undefined && { dataHash: spec.dataHash }),
      risk:
        spec.risk === null
          ? null
          : new RiskEngineGate({
              ...spec.risk,
              strategyId: spec.strategyId,
              allocation: spec.initialCapital,
            }),
    },
    hooks,
  )
}

/** A spec run to everything that is stored of it. The same in process and in a worker. */
export function executeSpec(
  spec: RunSpec,
  columns: readonly BarColumns[],
  hooks: BacktestHooks = {},
): RunOutput {
  const result = runSpec(spec, columns, hooks)
  const metrics = metricsOf(result, { trials: spec.trials })
  const assumptions: StoredAssumptions = {
    ...result.assumptions,
    notes: [...spec.notes, ...result.assumptions.notes],
    refusals: result.refusals,
    riskEvents: result.riskEvents.slice(0, MOST_RISK_EVENTS),
    finalEquity: result.finalEquity,
    totalFees: result.totalFees,
  }
  return {
    metrics,
    metricsJson: JSON.stringify(metrics),
    equityCurveJson: JSON.stringify(dailyCurve(result, Number(result.initialCapital))),
    tradesJson: JSON.stringify(result.trades),
    assumptionsJson: JSON.stringify(assumptions),
    dataHash: result.assumptions.dataHash,
  }
}
