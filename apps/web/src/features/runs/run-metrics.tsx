import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Figure } from '../../components/figure.tsx'
import { Metric } from '../../components/metric.tsx'
import { Change } from '../../components/pnl.tsx'
import { Card } from '../../components/ui/card.tsx'
import {
  formatDate,
  formatDrawdown,
  formatDuration,
  formatFraction,
  formatInteger,
  formatNumber,
  formatUsd,
  toNumber,
} from '../../lib/format.ts'
import type { RunDetail } from './run-page.tsx'

/** The figures of the v1 contract's run, each defined or a dash with its reason. */
export function RunMetrics({ run }: { run: RunDetail }) {
  const { t } = useTranslation()
  const { metrics } = run
  const hours = toNumber(metrics.avg_trade_duration_hours)
  const rows: [keyof RunDetail['metrics'], string, ReactNode][] = [
    ['total_return', t('field.return'), <Change key="return" value={metrics.total_return} unit="percent" />],
    ['cagr', t('field.cagr'), <Change key="cagr" value={metrics.cagr} unit="percent" />],
    ['sharpe_ratio', t('field.sharpe'), formatNumber(metrics.sharpe_ratio)],
    ['sortino_ratio', t('field.sortino'), formatNumber(metrics.sortino_ratio)],
    ['max_drawdown', t('field.maxDrawdown'), formatDrawdown(metrics.max_drawdown)],
    ['win_rate', t('field.winRate'), formatFraction(metrics.win_rate, 0)],
    ['profit_factor', t('field.profitFactor'), formatNumber(metrics.profit_factor)],
    ['total_trades', t('field.trades'), formatInteger(metrics.total_trades)],
    [
      'avg_trade_duration_hours',
      t('field.averageDuration'),
      hours === null ? null : formatDuration(hours * 3600),
    ],
  ]
  const end = run.end_date === null ? t('runs.ongoing') : formatDate(run.end_date)
  return (
    <Card title={t('runs.metrics')} description={`${formatDate(run.start_date)} – ${end}`}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-5">
        {rows.map(([name, label, value]) => (
          <Figure key={name} label={label}>
            <Metric name={name} undefinedMetrics={metrics.undefined_metrics}>
              {value}
            </Metric>
          </Figure>
        ))}
        <Figure label={t('runs.capital')}>{formatUsd(run.initial_capital)}</Figure>
      </dl>
    </Card>
  )
}
