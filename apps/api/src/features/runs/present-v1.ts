import type { OutputOf, v1 } from '@quantdeck/contracts'
import {
  Decimal,
  ensureDefined,
  formatFixed,
  formatInstant,
  formatPercent,
  HOUR_MS,
  type Instrument,
} from '@quantdeck/domain'
import { formatPrice, formatQuantity, MetricFields } from '../format.ts'
import type { FullRun, ListedRun, RunFigures, RunTrade } from './operations.ts'
import { toWire } from './wire-json.ts'

type WireRun = OutputOf<typeof v1.runs.list>['data'][number]
type WireDetail = OutputOf<typeof v1.runs.get>['data']
type WireTrade = WireDetail['trades'][number]

const twoPlaces = (value: number): string => formatFixed(new Decimal(value), 2)

/** A run as a list row. What a running backtest does not know yet is undefined: zero, and named. */
/** `baseUrl`: how the caller reached us, so that a report's link can be opened as it is. */
export function presentRun({ run, figures, reportUrl }: ListedRun, baseUrl: string | null): WireRun {
  const fields = new MetricFields()
  const isRunning = run.status === 'RUNNING'
  return {
    run_id: run.runId,
    strategy_id: run.strategyId,
    run_type: run.runType,
    start_date: run.startDate,
    end_date: isRunning && run.runType !== 'BACKTEST' ? null : run.endDate,
    total_return: fields.text('total_return', figures?.totalReturn ?? null, formatPercent),
    sharpe_ratio: fields.text('sharpe_ratio', figures?.sharpe ?? null, twoPlaces),
    max_drawdown: fields.text('max_drawdown', figures?.maxDrawdown ?? null, formatPercent),
    total_trades: figures?.totalTrades ?? 0,
    status: run.status,
    report_url: reportUrl === null ? null : `${baseUrl ?? ''}${reportUrl}`,
    created_at: formatInstant(run.createdAt),
    completed_at: run.completedAt === null ? null : formatInstant(run.completedAt),
    undefined_metrics: fields.undefinedMetrics,
    progress: run.progress,
    phase: run.phase,
    estimated_completion: run.estimatedCompletion === null ? null : formatInstant(run.estimatedCompletion),
    ...(run.error !== null && { error: run.error }),
  }
}

/** An accepted backtest. */
export function presentStarted(run: ListedRun['run'], notes: string[]): OutputOf<typeof v1.runs.create> {
  const estimate = ensureDefined(run.estimatedCompletion ?? run.completedAt, 'an estimate')
  return {
    message: 'Backtest started',
    data: { run_id: run.runId, status: run.status, estimated_completion: formatInstant(estimate), notes },
  }
}

function presentMetrics(figures: RunFigures | null): WireDetail['metrics'] {
  const fields = new MetricFields()
  const percent = (name: string, value: number | null | undefined): string =>
    fields.text(name, value ?? null, formatPercent)
  const ratio = (name: string, value: number | null | undefined): string =>
    fields.text(name, value ?? null, twoPlaces)
  return {
    total_return: percent('total_return', figures?.totalReturn),
    cagr: percent('cagr', figures?.cagr),
    sharpe_ratio: ratio('sharpe_ratio', figures?.sharpe),
    sortino_ratio: ratio('sortino_ratio', figures?.sortino),
    max_drawdown: percent('max_drawdown', figures?.maxDrawdown),
    win_rate: ratio('win_rate', figures?.winRate),
    profit_factor: ratio('profit_factor', figures?.profitFactor),
    total_trades: figures?.totalTrades ?? 0,
    avg_trade_duration_hours: ratio('avg_trade_duration_hours', figures?.averageTradeDurationHours),
    undefined_metrics: fields.undefinedMetrics,
  }
}

/** Of an instrument that has been removed since, enough places for any. */
const UNKNOWN_INSTRUMENT: Pick<Instrument, 'priceDecimals' | 'quantityDecimals'> = {
  priceDecimals: 8,
  quantityDecimals: 8,
}

function presentTrade(trade: RunTrade, instruments: FullRun['instruments']): WireTrade {
  const instrument = instruments.get(trade.symbol) ?? UNKNOWN_INSTRUMENT
  const hours = new Decimal(trade.closedAt.getTime() - trade.openedAt.getTime()).div(HOUR_MS)
  return {
    trade_id: trade.tradeId,
    symbol: trade.symbol,
    side: trade.side,
    quantity: formatQuantity(trade.quantity, instrument),
    entry_price: formatPrice(trade.entryPrice, instrument),
    exit_price: formatPrice(trade.exitPrice, instrument),
    opened_at: formatInstant(trade.openedAt),
    closed_at: formatInstant(trade.closedAt),
    pnl: formatFixed(trade.pnl, 2),
    pnl_pct: formatPercent(trade.pnlPct),
    fees: formatFixed(trade.fees, 2),
    duration_hours: formatFixed(hours, 2),
  }
}

export function presentRunDetail(full: FullRun, baseUrl: string | null): WireDetail {
  return {
    ...presentRun(full, baseUrl),
    metrics: presentMetrics(full.figures),
    equity_curve: full.curve.map((point) => ({ date: point.date, value: twoPlaces(point.equity) })),
    trades: full.trades.map((trade) => presentTrade(trade, full.instruments)),
    initial_capital: formatFixed(full.run.initialCapital, 2),
    assumptions: toWire(full.assumptions),
    notes: full.notes,
  }
}
