import { type BacktestInstrument, createStrategy, type ReplaySignal } from '@quantdeck/backtest'
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
import { DAY_MS, Decimal, ensureDefined, type Instrument, type Strategy } from '@quantdeck/domain'
import type { RiskInstrument } from '@quantdeck/risk'
import { limitsOf, toOverrides } from '../../desk/load-books.ts'
import type { RunRequest } from './run-request.ts'
import type { RunRisk, RunSpec } from './run-spec.ts'
import { type SharedBars, shareBars } from './shared-bars.ts'

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

function toRiskInstrument(instrument: Instrument): RiskInstrument {
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
  range: { start: Date; end: Date; warmupBars: number },
): Promise<SharedBars> {
  const series = { symbol: instrument.symbol, intervalSeconds: instrument.barIntervalSeconds }
  const before = new Date(range.start.getTime() - 1)
  const warmup = range.warmupBars > 0 ? await listLatestBars(db, series, range.warmupBars, before) : []
  const from = warmup[0]?.openedAt ?? range.start
  return shareBars(await loadBarColumns(db, series, { from, to: range.end }))
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

/** Reads everything a claimed run needs. */
export async function prepareRun(
  db: Queryable,
  run: Run,
  request: RunRequest,
  accountCapital: string,
): Promise<PreparedRun> {
  const strategy = ensureDefined(await findStrategy(db, run.strategyId), run.strategyId)
  const instruments: Instrument[] = []
  for (const symbol of request.symbols)
    instruments.push(ensureDefined(await findInstrument(db, symbol), symbol))
  const start = new Date(`${request.startDate}T00:00:00Z`)
  const end = new Date(Date.parse(`${request.endDate}T00:00:00Z`) + DAY_MS - 1)
  const isReplay = request.modelType === 'signals'
  const warmupBars = isReplay ? 0 : (createStrategy(request.modelType, request.parameters)?.warmupBars ?? 0)
  const bars: SharedBars[] = []
  for (const instrument of instruments) bars.push(await loadBars(db, instrument, { start, end, warmupBars }))
  const riskPerTrade = request.riskPerTradePct
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
    sizing: {
      kind: 'fraction',
      of: 'allocation',
      riskPerTrade: riskPerTrade === null ? null : new Decimal(riskPerTrade).div(100).toNumber(),
    },
    seed: request.seed,
    risk: await riskOf(db, { strategy, request, instruments, accountCapital }),
    notes: request.notes,
  }
  return { spec, bars }
}
