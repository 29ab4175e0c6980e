import type { BacktestInstrument, ReplaySignal } from '@quantdeck/backtest'
import {
  findGlobalLimits,
  findInstrument,
  findStrategy,
  listLatestBars,
  listStoredSignals,
  listStrategyLimits,
  loadBarColumns,
  type Queryable,
  type Run,
} from '@quantdeck/db'
import { DAY_MS, ensureDefined, type Instrument, type Strategy } from '@quantdeck/domain'
import type { RiskInstrument } from '@quantdeck/risk'
import { limitsOf, toOverrides } from '../../desk/load-books.ts'
import { dataNotes } from './data-notes.ts'
import type { RunRequest } from './run-request.ts'
import { type RunRisk, type RunSpec, warmupOf } from './run-spec.ts'
import { allocateShared, type SharedBars, sharedBarsOf, viewBars } from './shared-bars.ts'

/** A run with its bars in shared memory, ready for a worker. */
export interface PreparedRun {
  spec: RunSpec
  bars: SharedBars[]
}

function toBacktestInstrument(instrument: Instrument): BacktestInstrument {
  return {
    symbol: instrument.symbol,
    tickSize: instrument.tickSize.toFixed(),
    lotSize: instrument.lotSize.toFixed(),
    multiplier: instrument.multiplier.toFixed(),
    minQuantity: instrument.minQuantity.toFixed(),
    quotedInverse: instrument.currency !== 'USD',
  }
}

export function toRiskInstrument(instrument: Instrument): RiskInstrument {
  return {
    symbol: instrument.symbol,
    contractType: instrument.contractType,
    tickSize: instrument.tickSize.toFixed(),
    lotSize: instrument.lotSize.toFixed(),
    minQuantity: instrument.minQuantity.toFixed(),
    maxQuantity: instrument.maxQuantity?.toFixed() ?? null,
    barIntervalSeconds: instrument.barIntervalSeconds,
  }
}

async function riskOf(
  db: Queryable,
  context: { strategy: Strategy; request: RunRequest; instruments: Instrument[]; accountCapital: string },
): Promise<RunRisk | null> {
  const { strategy, request, instruments, accountCapital } = context
  if (!request.isRiskEngineOn) return null
  const global = toOverrides(await findGlobalLimits(db))
  const own = toOverrides((await listStrategyLimits(db)).get(strategy.strategyId) ?? null)
  const limits = limitsOf({ ...strategy, universe: request.symbols }, global, own)
  const share = strategy.allocatedCapital.div(accountCapital).toNumber()
  return {
    limits: { ...limits, signalThreshold: request.signalThreshold ?? limits.signalThreshold },
    accountLimits: limitsOf(
      { ...strategy, universe: [], maxPositions: limits.maxOpenPositions },
      global,
      null,
    ),
    accountShare: share > 0 && share < 1 ? share : 1,
    maxPositions: strategy.maxPositions,
    instruments: instruments.map(toRiskInstrument),
  }
}

/** Bars of the range, with as many before it as the strategy needs to warm up. */
async function loadBars(
  db: Queryable,
  instrument: Instrument,
  range: { start: Date; end: Date; warmupBars: number; signal: AbortSignal | undefined },
): Promise<SharedBars> {
  const series = { symbol: instrument.symbol, intervalSeconds: instrument.barIntervalSeconds }
  const before = new Date(range.start.getTime() - 1)
  const warmup = range.warmupBars > 0 ? await listLatestBars(db, series, range.warmupBars, before) : []
  const from = warmup[0]?.openedAt ?? range.start
  const columns = await loadBarColumns(
    db,
    series,
    { from, to: range.end },
    { allocate: allocateShared, signal: range.signal },
  )
  return sharedBarsOf(columns)
}

async function signalsBySymbol(
  db: Queryable,
  strategyId: string,
  range: { start: Date; end: Date },
): Promise<Record<string, ReplaySignal[]>> {
  const bySymbol: Record<string, ReplaySignal[]> = {}
  for (const stored of await listStoredSignals(db, strategyId, { from: range.start, to: range.end })) {
    const { symbol, signalAt, ...signal } = stored
    bySymbol[symbol] = [...(bySymbol[symbol] ?? []), { ...signal, at: signalAt.getTime() }]
  }
  return bySymbol
}

export interface PrepareOptions {
  /** Before the range, instead of what the request's own parameters need. */
  warmupBars?: number
  /** Ends the loading of bars: of ten million it takes a while. */
  signal?: AbortSignal
}

/** Reads everything a claimed run needs. */
export async function prepareRun(
  db: Queryable,
  run: Pick<Run, 'runId' | 'strategyId'>,
  request: RunRequest,
  accountCapital: string,
  { warmupBars = warmupOf(request), signal }: PrepareOptions = {},
): Promise<PreparedRun> {
  const strategy = ensureDefined(await findStrategy(db, run.strategyId), run.strategyId)
  const instruments: Instrument[] = []
  for (const symbol of request.symbols)
    instruments.push(ensureDefined(await findInstrument(db, symbol), symbol))
  const start = new Date(`${request.startDate}T00:00:00Z`)
  const end = new Date(Date.parse(`${request.endDate}T00:00:00Z`) + DAY_MS - 1)
  const isReplay = request.modelType === 'signals'
  const bars: SharedBars[] = []
  const notes = [...request.notes]
  for (const instrument of instruments) {
    const shared = await loadBars(db, instrument, { start, end, warmupBars, signal })
    bars.push(shared)
    notes.push(...(await dataNotes(db, instrument, { start, end }, viewBars(shared))))
  }
  const spec: RunSpec = {
    runId: run.runId,
    strategyId: run.strategyId,
    modelType: request.modelType,
    parameters: request.parameters,
    instruments: instruments.map(toBacktestInstrument),
    signals: isReplay ? await signalsBySymbol(db, run.strategyId, { start, end }) : {},
    startT: start.getTime(),
    initialCapital: request.initialCapital,
    costs: request.costs,
    fill: request.fill,
    sizing: request.sizing,
    seed: request.seed,
    trials: request.trials,
    risk: await riskOf(db, { strategy, request, instruments, accountCapital }),
    notes,
  }
  return { spec, bars }
}
