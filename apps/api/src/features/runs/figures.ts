import type { MetricIntervals, RunMetrics } from '@quantdeck/backtest'
import type { deckRunFigures } from '@quantdeck/contracts'
import { Decimal } from '@quantdeck/domain'
import type * as z from 'zod'

export type WireFigures = z.output<typeof deckRunFigures>

const PLACES = 6

/** A double as a plain decimal of at most six places; null stays null. */
export function figure(value: number | null | undefined): string | null {
  if (value === null || value === undefined) return null
  const text = new Decimal(value).toDecimalPlaces(PLACES).toFixed()
  return text === '-0' ? '0' : text
}

/** A fraction as percent. */
export function percentFigure(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : figure(value * 100)
}

/** A figure of the wire and where it comes from; `percent` ones are fractions inside. */
interface FigureSource {
  of: Exclude<keyof RunMetrics, 'intervals' | 'totalTrades'>
  isPercent?: true
}

const pct = (of: FigureSource['of']): FigureSource => ({ of, isPercent: true })
const plain = (of: FigureSource['of']): FigureSource => ({ of })

/** Every figure by its name on the wire. */
export const FIGURES: Record<Exclude<keyof WireFigures, 'total_trades'>, FigureSource> = {
  total_return_pct: pct('totalReturn'),
  cagr_pct: pct('cagr'),
  annual_return_pct: pct('annualReturn'),
  volatility_pct: pct('volatility'),
  sharpe_ratio: plain('sharpe'),
  sortino_ratio: plain('sortino'),
  calmar_ratio: plain('calmar'),
  max_drawdown_pct: pct('maxDrawdown'),
  current_drawdown_pct: pct('currentDrawdown'),
  longest_drawdown_days: plain('longestDrawdownDays'),
  downside_deviation_pct: pct('downsideDeviation'),
  omega: plain('omega'),
  skew: plain('skew'),
  kurtosis: plain('kurtosis'),
  value_at_risk_pct: pct('valueAtRisk'),
  conditional_value_at_risk_pct: pct('conditionalValueAtRisk'),
  tail_ratio: plain('tailRatio'),
  stability: plain('stability'),
  best_day_pct: pct('bestDay'),
  worst_day_pct: pct('worstDay'),
  win_rate: plain('winRate'),
  profit_factor: plain('profitFactor'),
  average_win: plain('averageWin'),
  average_loss: plain('averageLoss'),
  payoff_ratio: plain('payoffRatio'),
  expectancy: plain('expectancy'),
  sqn: plain('sqn'),
  best_trade: plain('bestTrade'),
  worst_trade: plain('worstTrade'),
  average_trade_duration_hours: plain('averageTradeDurationHours'),
  exposure_pct: pct('exposure'),
  benchmark_return_pct: pct('benchmarkReturn'),
  alpha_pct: pct('alpha'),
  beta: plain('beta'),
  information_ratio: plain('informationRatio'),
  up_capture: plain('upCapture'),
  down_capture: plain('downCapture'),
  probabilistic_sharpe: plain('probabilisticSharpe'),
  deflated_sharpe: plain('deflatedSharpe'),
}

/** One figure of a run as the wire has it. */
export function figureOf(metrics: RunMetrics, name: keyof typeof FIGURES): string | null {
  const { of, isPercent } = FIGURES[name]
  return isPercent === true ? percentFigure(metrics[of]) : figure(metrics[of])
}

export function presentFigures(metrics: RunMetrics): WireFigures {
  const names = Object.keys(FIGURES) as (keyof typeof FIGURES)[]
  const entries = names.map((name) => [name, figureOf(metrics, name)])
  return { ...Object.fromEntries(entries), total_trades: metrics.totalTrades } as WireFigures
}

type WireInterval = { low: string | null; high: string | null } | null

export function presentIntervals(intervals: MetricIntervals | null | undefined): {
  annual_return_pct: WireInterval
  sharpe_ratio: WireInterval
  sortino_ratio: WireInterval
  max_drawdown_pct: WireInterval
} | null {
  if (intervals === null || intervals === undefined) return null
  const both = (interval: MetricIntervals['sharpe'], show: (value: number) => string | null): WireInterval =>
    interval === null ? null : { low: show(interval.low), high: show(interval.high) }
  return {
    annual_return_pct: both(intervals.annualReturn, percentFigure),
    sharpe_ratio: both(intervals.sharpe, figure),
    sortino_ratio: both(intervals.sortino, figure),
    max_drawdown_pct: both(intervals.maxDrawdown, percentFigure),
  }
}
