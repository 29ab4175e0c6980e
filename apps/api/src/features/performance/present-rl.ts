import type { RlPerformanceResponse, RlStrategyPerformance } from '@quantdeck/contracts'
import { formatInstant, percentNumber, type RlPeriod, roundNumber } from '@quantdeck/domain'
import { MetricFields } from '../format.ts'
import type { PerformanceReport, StrategyPerformance } from './operations.ts'

export function presentPerformance(report: PerformanceReport, period: RlPeriod): RlPerformanceResponse {
  return {
    period,
    start_date: formatInstant(report.from),
    end_date: formatInstant(report.to),
    strategies: report.strategies.map(presentStrategy),
  }
}

function presentStrategy(report: StrategyPerformance): RlStrategyPerformance {
  const { strategy, metrics } = report
  const fields = new MetricFields()
  const ratio = (name: string, value: number | null) => roundNumber(fields.number(name, value), 4)
  const percent = (name: string, value: number | null) => percentNumber(fields.number(name, value), 4)
  return {
    strategy_code: strategy.strategyId,
    strategy_name: strategy.name,
    sharpe_ratio: ratio('sharpe_ratio', metrics.sharpeRatio),
    sortino_ratio: ratio('sortino_ratio', metrics.sortinoRatio),
    calmar_ratio: ratio('calmar_ratio', metrics.calmarRatio),
    total_return_pct: percent('total_return_pct', metrics.totalReturn),
    max_drawdown_pct: percentNumber(metrics.maxDrawdown, 4),
    current_drawdown_pct: percentNumber(metrics.currentDrawdown, 4),
    // Two places, as v1 shows it and as the document's 0.58 of 26 in 45.
    win_rate: roundNumber(fields.number('win_rate', metrics.winRate), 2),
    profit_factor: ratio('profit_factor', metrics.profitFactor),
    total_trades: metrics.totalTrades,
    winning_trades: metrics.winningTrades,
    losing_trades: metrics.losingTrades,
    avg_win_pct: percent('avg_win_pct', metrics.averageWin),
    avg_loss_pct: percent('avg_loss_pct', metrics.averageLoss),
    current_equity: roundNumber(report.currentEquity.toNumber(), 2),
    initial_equity: roundNumber(report.initialEquity.toNumber(), 2),
    undefined_metrics: fields.undefinedMetrics,
  }
}
