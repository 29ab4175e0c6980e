import { type MonteCarloEnvelope, ROLLING_DAYS, type RunMetrics } from '@quantdeck/backtest'
import type { deck, OutputOf } from '@quantdeck/contracts'
import { Decimal, formatFixed, formatInstant, formatPercent } from '@quantdeck/domain'
import type { Comparison } from './compare.ts'
import { figure, FIGURES, figureOf, percentFigure, presentFigures, presentIntervals } from './figures.ts'
import type { FullRun } from './operations.ts'
import type { runStatistics } from './operations-results.ts'

type Statistics = Awaited<ReturnType<typeof runStatistics>>
type WireStatistics = OutputOf<typeof deck.runs.statistics>['data']

const money = (value: number): string => formatFixed(new Decimal(value), 2)
const at = (t: number): string => formatInstant(new Date(t))

export function presentStatistics({
  run,
  metrics,
  curve,
  assumptions,
  breakdown,
}: Statistics): WireStatistics {
  const period = (row: { period: string; return: number }) => ({
    period: row.period,
    return_pct: formatPercent(row.return),
  })
  return {
    run_id: run.runId,
    figures: presentFigures(metrics),
    intervals: presentIntervals(metrics.intervals),
    drawdowns: breakdown.drawdowns.map((row) => ({
      depth_pct: formatPercent(row.depth),
      peak_date: row.peakDate,
      trough_date: row.troughDate,
      recovery_date: row.recoveryDate,
      days: row.days,
    })),
    monthly_returns: breakdown.monthly.map(period),
    annual_returns: breakdown.annual.map(period),
    rolling_sharpe: breakdown.rollingSharpe.map(({ date, value }) => ({ date, value: figure(value) })),
    rolling_days: ROLLING_DAYS,
    benchmark_curve: curve.map(({ date, benchmark }) => ({ date, value: money(benchmark) })),
    refusals: Object.entries(assumptions.refusals).map(([code, count]) => ({ code, count })),
    risk_events: assumptions.riskEvents.map(({ t, type, message }) => ({ at: at(t), type, message })),
  }
}

export function presentMonteCarlo(
  runId: string,
  envelope: MonteCarloEnvelope,
): OutputOf<typeof deck.runs.monteCarlo>['data'] {
  return {
    run_id: runId,
    method: envelope.method,
    draws: envelope.draws,
    seed: envelope.seed,
    observations: envelope.observations,
    envelope: envelope.points.map(({ step, quantiles }) => ({ step, quantiles: quantiles.map(money) })),
    final_equity: envelope.finalEquity.map(money),
    max_drawdown_pct: envelope.maxDrawdown.map((value) => formatPercent(value)),
    loss_probability: figure(envelope.lossProbability),
    ruin_probability: figure(envelope.ruinProbability),
  }
}

/** Figures of which the higher is the better, also where they are negative. */
const HIGHER_IS_BETTER = new Set<keyof typeof FIGURES>([
  'total_return_pct',
  'cagr_pct',
  'annual_return_pct',
  'sharpe_ratio',
  'sortino_ratio',
  'calmar_ratio',
  'max_drawdown_pct',
  'omega',
  'conditional_value_at_risk_pct',
  'tail_ratio',
  'stability',
  'win_rate',
  'profit_factor',
  'payoff_ratio',
  'expectancy',
  'sqn',
  'alpha_pct',
  'information_ratio',
  'probabilistic_sharpe',
])
const LOWER_IS_BETTER = new Set<keyof typeof FIGURES>([
  'volatility_pct',
  'downside_deviation_pct',
  'longest_drawdown_days',
])

function bestOf(name: keyof typeof FIGURES, all: readonly RunMetrics[]): number | null {
  const sign = HIGHER_IS_BETTER.has(name) ? 1 : LOWER_IS_BETTER.has(name) ? -1 : 0
  if (sign === 0) return null
  const values = all.map((metrics) => metrics[FIGURES[name].of])
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return null
  const best = Math.max(...known.map((value) => value * sign)) * sign
  // Where all are equal none is better.
  return known.every((value) => value === best) ? null : values.indexOf(best)
}

export function presentComparison(comparison: Comparison): OutputOf<typeof deck.runs.compare>['data'] {
  const { runs } = comparison
  const metrics = runs.map((result) => result.metrics)
  const names = Object.keys(FIGURES) as (keyof typeof FIGURES)[]
  const starts = runs.map(({ curve }) => curve[0]?.equity ?? 0)
  return {
    runs: runs.map(({ run, assumptions }) => ({
      run_id: run.runId,
      strategy_id: run.strategyId,
      start_date: run.startDate,
      end_date: run.endDate,
      initial_capital: formatFixed(run.initialCapital, 2),
      data_hash: assumptions.dataHash,
      engine_version: assumptions.engineVersion,
      created_at: formatInstant(run.createdAt),
    })),
    metrics: [
      ...names.map((name) => ({
        name,
        values: metrics.map((one) => figureOf(one, name)),
        best: bestOf(name, metrics),
      })),
      { name: 'total_trades', values: metrics.map((one) => figure(one.totalTrades)), best: null },
    ],
    curve: comparison.curve.map(({ date, equity }) => ({
      date,
      equity: equity.map((value) => (value === null ? null : money(value))),
      indexed: equity.map((value, i) =>
        value === null ? null : percentFigure(value / (starts[i] ?? value)),
      ),
    })),
    correlations: comparison.correlations.map((row) => row.map(figure)),
    differences: comparison.differences,
    warnings: comparison.warnings,
  }
}

export function presentTrades({ trades }: FullRun): OutputOf<typeof deck.runs.tradesJson>['data'] {
  return trades.map((trade) => ({
    symbol: trade.symbol,
    side: trade.side,
    quantity: trade.quantity.toFixed(),
    opened_at: formatInstant(trade.openedAt),
    entry_price: trade.entryPrice.toFixed(),
    closed_at: formatInstant(trade.closedAt),
    exit_price: trade.exitPrice.toFixed(),
    fees: trade.fees.toFixed(),
    pnl: trade.pnl.toFixed(),
    pnl_pct: percentFigure(trade.pnlPct) ?? '0',
  }))
}

export function presentEquity({ curve }: FullRun): OutputOf<typeof deck.runs.equityJson>['data'] {
  return curve.map(({ date, equity, benchmark }) => ({
    date,
    equity: money(equity),
    benchmark: benchmark === undefined ? null : money(benchmark),
  }))
}
