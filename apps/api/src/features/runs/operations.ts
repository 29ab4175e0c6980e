import { type BacktestTrade, renderReport, type RunMetrics } from '@quantdeck/backtest'
import {
  failRun,
  findRun,
  findRunResult,
  findStrategy,
  listRuns as queryRuns,
  requestRunCancel,
  type Run,
} from '@quantdeck/db'
import {
  AppError,
  Decimal,
  ensureDefined,
  type Instrument,
  type Mode,
  notFound,
  type Position,
  type RunStatus,
  tradeNetPnlUsd,
} from '@quantdeck/domain'
import { type Actor, hasRole, requireRole } from '../../auth/actor.ts'
import { mayChangeStrategy, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { tradeReturn } from '../../desk/valuation.ts'
import { csvLines } from '../csv.ts'
import { type InstrumentMap, instrumentMap } from '../orders/operations.ts'
import { announceRun, CANCELLED } from './execute-run.ts'
import { toRunRequest } from './run-request.ts'
import type { StoredAssumptions, StoredCurve, StoredTrades } from './run-spec.ts'
import { sessionResult, type SessionResult } from './session-result.ts'

export type RunFigures = SessionResult['metrics']

/** A closed round trip of a run, of a backtest or of the books. */
export interface RunTrade {
  tradeId: string
  symbol: string
  side: 'BUY' | 'SELL'
  quantity: Decimal
  entryPrice: Decimal
  exitPrice: Decimal
  openedAt: Date
  closedAt: Date
  pnl: Decimal
  /** Fraction of the entry's value. */
  pnlPct: number
  fees: Decimal
}

/** A run with the figures of its list row; null while a backtest has none. */
export interface ListedRun {
  run: Run
  figures: RunFigures | null
  /** Signed and short-lived; null while there is no report. */
  reportUrl: string | null
}

export interface FullRun extends ListedRun {
  /** `benchmark`: of backtests. */
  curve: { date: string; equity: number; benchmark?: number }[]
  trades: RunTrade[]
  instruments: ReadonlyMap<string, Instrument>
  assumptions: Record<string, unknown>
  notes: string[]
}

export interface RunQuery {
  strategyId?: string
  runType?: Mode
  status?: RunStatus
  page: number
  perPage: number
}

export async function listRuns(
  deps: Deps,
  actor: Actor,
  { page, perPage, ...filter }: RunQuery,
): Promise<{ runs: ListedRun[]; totalCount: number }> {
  requireRole(actor, 'viewer')
  const visible = await visibleStrategyIds(deps, actor)
  const window = deps.pages.page(actor, 'runs', filter, { page, perPage })
  const { runs, totalCount } = await queryRuns(deps.db.kysely, { ...filter, visible }, window)
  const listed: ListedRun[] = []
  for (const run of runs) {
    const figures = run.runType === 'BACKTEST' ? figuresOf(run) : (await sessionResult(deps, run)).metrics
    listed.push({ run, figures, reportUrl: reportUrlOf(deps, run) })
  }
  return { runs: listed, totalCount }
}

/** Stored by the engine when the run was finished. */
function figuresOf(run: Run): RunMetrics | null {
  return run.metrics === null ? null : (run.metrics as RunMetrics)
}

function reportUrlOf(deps: Deps, run: Run): string | null {
  return run.runType === 'BACKTEST' && run.status === 'COMPLETED' ? deps.reportLinks.linkTo(run.runId) : null
}

/** @throws AppError NOT_FOUND, for another's run as for an unknown one */
export async function requireRun(deps: Deps, actor: Actor, runId: string): Promise<Run> {
  const run = await findRun(deps.db.kysely, runId, await visibleStrategyIds(deps, actor))
  if (run === null) throw notFound('Run')
  return run
}

/** @throws AppError NOT_FOUND, for another's run as for an unknown one */
export async function getRun(deps: Deps, actor: Actor, runId: string): Promise<FullRun> {
  requireRole(actor, 'viewer')
  const run = await requireRun(deps, actor, runId)
  const instruments = await instrumentMap(deps)
  const listed = { run, reportUrl: reportUrlOf(deps, run), instruments }
  if (run.runType !== 'BACKTEST') {
    const session = await sessionResult(deps, run)
    const trades = session.trades.map((trade) => ofPosition(trade, instruments))
    return { ...listed, figures: session.metrics, curve: session.curve, trades, assumptions: {}, notes: [] }
  }
  const stored = await storedResult(deps, run)
  const request = toRunRequest(run.params)
  return {
    ...listed,
    figures: figuresOf(run),
    curve: stored?.curve ?? [],
    trades: (stored?.trades ?? []).map((trade, i) => ofBacktest(run, trade, i)),
    assumptions: { ...stored?.assumptions, request },
    notes: stored?.assumptions.notes ?? request?.notes ?? [],
  }
}

export interface StoredResult {
  curve: StoredCurve
  trades: StoredTrades
  assumptions: StoredAssumptions
}

/** What the worker stored; null while the run is not finished. */
export async function storedResult(deps: Deps, run: Run): Promise<StoredResult | null> {
  const row = await findRunResult(deps.db.kysely, run.runId)
  if (row === null) return null
  return {
    curve: row.equityCurve as StoredCurve,
    trades: row.trades as StoredTrades,
    assumptions: row.assumptions as StoredAssumptions,
  }
}

function ofBacktest(run: Run, trade: BacktestTrade, index: number): RunTrade {
  return {
    tradeId: `${run.runId}-${index + 1}`,
    symbol: trade.symbol,
    side: trade.side === 'LONG' ? 'BUY' : 'SELL',
    quantity: new Decimal(trade.quantity),
    entryPrice: new Decimal(trade.entryPrice),
    exitPrice: new Decimal(trade.exitPrice),
    openedAt: new Date(trade.entryTime),
    closedAt: new Date(trade.exitTime),
    pnl: new Decimal(trade.pnl),
    pnlPct: trade.pnlPct,
    fees: new Decimal(trade.fees),
  }
}

function ofPosition(trade: Position, instruments: InstrumentMap): RunTrade {
  return {
    tradeId: trade.positionId,
    symbol: trade.symbol,
    side: trade.side,
    quantity: trade.peakQuantity,
    entryPrice: trade.entryPrice,
    exitPrice: trade.exitPrice ?? trade.entryPrice,
    openedAt: trade.openedAt,
    closedAt: trade.closedAt ?? trade.openedAt,
    pnl: tradeNetPnlUsd(trade),
    pnlPct: tradeReturn(trade, instruments),
    fees: trade.feesUsd,
  }
}

/**
 * Cancels a running backtest: it ends as FAILED with the error "Cancelled", at the latest within a second.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT for a finished run and for a session
 */
export async function cancelRun(deps: Deps, actor: Actor, runId: string): Promise<Run> {
  requireRole(actor, 'trader')
  const run = await requireRun(deps, actor, runId)
  const strategy = ensureDefined(await findStrategy(deps.db.kysely, run.strategyId), run.strategyId)
  if (!mayChangeStrategy(actor, strategy) && !hasRole(actor, 'risk')) {
    throw new AppError('FORBIDDEN', 'Only its owner, risk or an admin may cancel this run')
  }
  if (run.runType !== 'BACKTEST')
    throw new AppError('CONFLICT', 'A session ends when its strategy stops trading')
  const at = deps.clock.now()
  if (!(await requestRunCancel(deps.db.kysely, runId, at)))
    throw new AppError('CONFLICT', 'The run is finished')
  await deps.runs.cancel(runId)
  // One that no worker has taken up yet is ended here; a later claim finds it finished.
  if (run.phase === 'queued' && run.attempt === 0) {
    await failRun(deps.db.kysely, { runId, fencingToken: null, completedAt: at, error: CANCELLED })
  }
  const after = ensureDefined(await findRun(deps.db.kysely, runId), runId)
  await announceRun(deps.db.kysely, after, at)
  deps.wakeSealer()
  return after
}

/**
 * The report of a finished backtest as one HTML page, for whoever may see the run or holds a signed link to it.
 * @throws AppError UNAUTHORIZED for a link that is not valid, NOT_FOUND
 */
export async function runReport(
  deps: Deps,
  actor: Actor,
  input: { runId: string; token?: string },
): Promise<string> {
  const { runId, token } = input
  const isSigned = token !== undefined && deps.reportLinks.isValid(runId, token)
  if (!isSigned && actor.kind === 'anonymous')
    throw new AppError('UNAUTHORIZED', 'The link is not valid any more')
  if (!isSigned) requireRole(actor, 'viewer')
  const run = isSigned ? await findRun(deps.db.kysely, runId) : await requireRun(deps, actor, runId)
  const stored = run === null ? null : await storedResult(deps, run)
  if (run === null || stored === null) throw notFound('Report')
  const strategy = ensureDefined(await findStrategy(deps.db.kysely, run.strategyId), run.strategyId)
  const request = toRunRequest(run.params)
  const { assumptions } = stored
  return renderReport({
    runId,
    strategyId: run.strategyId,
    strategyName: strategy.name,
    modelType: request?.modelType ?? '',
    startDate: run.startDate,
    endDate: run.endDate ?? '',
    createdAt: run.createdAt.getTime(),
    completedAt: run.completedAt?.getTime() ?? 0,
    initialCapital: run.initialCapital.toFixed(2),
    finalEquity: assumptions.finalEquity,
    totalFees: assumptions.totalFees,
    currency: 'USD',
    parameters: request?.parameters ?? {},
    metrics: ensureDefined(figuresOf(run), 'the figures of a finished run'),
    curve: stored.curve,
    trades: stored.trades,
    refusals: assumptions.refusals,
    riskEvents: assumptions.riskEvents,
    assumptions,
  })
}

const TRADE_COLUMNS = [
  'symbol',
  'side',
  'quantity',
  'opened_at',
  'entry_price',
  'closed_at',
  'exit_price',
  'fees',
  'pnl',
  'pnl_pct',
]

/** @throws AppError NOT_FOUND */
export async function tradesCsv(deps: Deps, actor: Actor, runId: string): Promise<string> {
  const { trades } = await getRun(deps, actor, runId)
  return csvLines([
    TRADE_COLUMNS,
    ...trades.map((trade) => [
      trade.symbol,
      trade.side,
      trade.quantity.toFixed(),
      trade.openedAt.toISOString(),
      trade.entryPrice.toFixed(),
      trade.closedAt.toISOString(),
      trade.exitPrice.toFixed(),
      trade.fees.toFixed(),
      trade.pnl.toFixed(),
      new Decimal(trade.pnlPct).times(100).toFixed(4),
    ]),
  ])
}

/** @throws AppError NOT_FOUND */
export async function equityCsv(deps: Deps, actor: Actor, runId: string): Promise<string> {
  const { curve } = await getRun(deps, actor, runId)
  return csvLines([
    ['date', 'equity'],
    ...curve.map((point) => [point.date, new Decimal(point.equity).toFixed(2)]),
  ])
}
