import { v1, type V1MetricsSummaryData } from '@quantdeck/contracts'
import { Decimal, formatFixed, formatInstant, formatPercent, utcDay } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { MetricFields } from '../format.ts'
import { metricsSummary, type Summary } from './operations.ts'

export const metricsV1 = {
  summary: implement(v1.metrics.summary, async ({ deps, actor, input }) => {
    const summary = await metricsSummary(deps, actor, input)
    return {
      data: presentSummary(summary),
      meta: { period: input.period, updated_at: formatInstant(summary.updatedAt) },
    }
  }),
} satisfies Implements<typeof v1.metrics>

export function presentSummary(summary: Summary): V1MetricsSummaryData {
  return {
    ...presentFigures(summary),
    active_positions: summary.activePositions,
    capital_deployed: formatFixed(summary.capitalDeployed, 2),
    available_capital: formatFixed(summary.availableCapital, 2),
    equity_curve: presentCurve(summary.curve, summary.hourly),
  }
}

/** What a window brought, whatever is held now. */
export function presentFigures(summary: Pick<Summary, 'curve' | 'metrics' | 'totalPnlFraction'>) {
  const { metrics } = summary
  const fields = new MetricFields()
  const ratio = (name: string, value: number | null) =>
    formatFixed(new Decimal(fields.number(name, value)), 2)
  return {
    total_pnl: formatFixed(publishedPnl(summary), 2),
    total_pnl_percent: formatPercent(summary.totalPnlFraction),
    sharpe_ratio: ratio('sharpe_ratio', metrics.sharpeRatio),
    max_drawdown: formatPercent(metrics.maxDrawdown),
    win_rate: ratio('win_rate', metrics.winRate),
    total_trades: metrics.totalTrades,
    undefined_metrics: fields.undefinedMetrics,
  }
}

export function presentCurve(curve: Summary['curve'], hourly: boolean): V1MetricsSummaryData['equity_curve'] {
  return curve.map(({ at, equity }) => ({ date: dateOf(at, hourly), value: formatFixed(equity, 2) }))
}

/** A day, or an instant in a curve of hours. */
export function dateOf(at: Date, hourly: boolean): string {
  return hourly ? formatInstant(at) : utcDay(at)
}

/** Last minus first of the curve as it is published: rounded separately, the three could differ by a cent. */
function publishedPnl({ curve }: Pick<Summary, 'curve'>): Decimal {
  const cents = (point: Summary['curve'][number] | undefined) =>
    new Decimal(formatFixed(point?.equity ?? new Decimal(0), 2))
  return cents(curve.at(-1)).minus(cents(curve[0]))
}
