import type { Outputs } from '../../../lib/app-router.ts'
import {
  DASH,
  formatDrawdown,
  formatDuration,
  formatFraction,
  formatInteger,
  formatNumber,
  formatPercent,
  formatUsd,
  toNumber,
} from '../../../lib/format.ts'

export type Statistics = Outputs['deck']['runs']['statistics']['data']
export type FigureName = keyof Statistics['figures']

/** Every figure of a result, what belongs together together. */
export const FIGURE_GROUPS = {
  returns: [
    'total_return_pct',
    'cagr_pct',
    'annual_return_pct',
    'best_day_pct',
    'worst_day_pct',
    'exposure_pct',
  ],
  ratios: [
    'sharpe_ratio',
    'sortino_ratio',
    'calmar_ratio',
    'omega',
    'stability',
    'probabilistic_sharpe',
    'deflated_sharpe',
  ],
  risk: [
    'max_drawdown_pct',
    'longest_drawdown_days',
    'current_drawdown_pct',
    'volatility_pct',
    'downside_deviation_pct',
    'value_at_risk_pct',
    'conditional_value_at_risk_pct',
    'tail_ratio',
    'skew',
    'kurtosis',
  ],
  trades: [
    'total_trades',
    'win_rate',
    'profit_factor',
    'expectancy',
    'average_win',
    'average_loss',
    'payoff_ratio',
    'best_trade',
    'worst_trade',
    'average_trade_duration_hours',
    'sqn',
  ],
  benchmark: ['benchmark_return_pct', 'alpha_pct', 'beta', 'information_ratio', 'up_capture', 'down_capture'],
} as const satisfies Record<string, readonly FigureName[]>

export type FigureGroup = keyof typeof FIGURE_GROUPS

const DRAWDOWNS: readonly FigureName[] = ['max_drawdown_pct', 'current_drawdown_pct']
const AMOUNTS: readonly FigureName[] = [
  'expectancy',
  'average_win',
  'average_loss',
  'best_trade',
  'worst_trade',
]
const PROBABILITIES: readonly FigureName[] = ['win_rate', 'probabilistic_sharpe', 'deflated_sharpe']

const NAMES: ReadonlySet<string> = new Set(Object.values(FIGURE_GROUPS).flat())

/** The API may have figures that this page does not know yet. */
export function isFigure(name: string): name is FigureName {
  return NAMES.has(name)
}

/** A figure with its unit. */
export function formatFigure(name: FigureName, value: string | number | null | undefined): string {
  const number = toNumber(value)
  if (number === null) return DASH
  return DRAWDOWNS.includes(name) ? formatDrawdown(number) : formatSize(name, number)
}

/** How much more or less of a figure, in its unit. */
export function formatFigureChange(name: FigureName, change: number): string {
  return `${change < 0 ? '−' : '+'}${formatSize(name, Math.abs(change))}`
}

function formatSize(name: FigureName, number: number): string {
  if (name.endsWith('_pct')) return formatPercent(number)
  if (AMOUNTS.includes(name)) return formatUsd(number)
  if (PROBABILITIES.includes(name)) return formatFraction(number)
  if (name === 'longest_drawdown_days') return formatDuration(Math.round(number) * 86_400)
  if (name === 'average_trade_duration_hours') return formatDuration(number * 3_600)
  return name === 'total_trades' ? formatInteger(number) : formatNumber(number)
}
