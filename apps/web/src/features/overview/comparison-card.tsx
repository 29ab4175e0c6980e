import { useTranslation } from 'react-i18next'
import { countColumn } from '../../components/columns.ts'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Metric } from '../../components/metric.tsx'
import { Change } from '../../components/pnl.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDrawdown, formatFraction, formatNumber, formatUsd } from '../../lib/format.ts'
import type { Period } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { ViewAll } from './latest-signals.tsx'

type Row = Outputs['rl']['performance']['get']['strategies'][number]

/** The two contracts name windows differently; a year and chosen days are not offered by rl, so it shows everything. */
const RL_PERIOD = { '1d': '1d', '1w': '7d', '1m': '30d', '3m': '90d', '1y': 'all', all: 'all' } as const

export function ComparisonCard({ period = 'all' }: { period: Period | undefined }) {
  const { t } = useTranslation()
  const rlPeriod = RL_PERIOD[period]
  const performance = trpc.rl.performance.get.useQuery(
    { period: rlPeriod },
    { refetchInterval: 30_000, placeholderData: (previous) => previous },
  )
  const columns = useColumns()
  const shown = t(`period.${period === '1y' ? 'all' : period}`)
  return (
    <Card
      title={t('overview.comparison')}
      description={t('overview.comparisonHint', { period: shown })}
      actions={<ViewAll to="/strategies" />}
    >
      <DataBlock
        query={performance}
        isEmpty={(data) => data.strategies.length === 0}
        empty={{ title: t('overview.comparisonEmpty'), text: t('overview.comparisonEmptyText') }}
      >
        {(data) => (
          <DataTable
            label={t('overview.comparison')}
            rows={data.strategies}
            rowKey={(row) => row.strategy_code}
            columns={columns}
          />
        )}
      </DataBlock>
    </Card>
  )
}

type RatioField = 'sharpe_ratio' | 'sortino_ratio' | 'calmar_ratio' | 'profit_factor'

function ratioColumn(field: RatioField, header: string): Column<Row> {
  return {
    id: field,
    header,
    align: 'right',
    sortValue: (row) => (row.undefined_metrics.includes(field) ? null : row[field]),
    cell: (row) => (
      <Metric name={field} undefinedMetrics={row.undefined_metrics}>
        {formatNumber(row[field])}
      </Metric>
    ),
  }
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'strategy',
      header: t('field.strategy'),
      sortValue: (row) => row.strategy_name,
      cell: (row) => <StrategyLink id={row.strategy_code} name={row.strategy_name} />,
    },
    {
      id: 'return',
      header: t('field.return'),
      align: 'right',
      sortValue: (row) => row.total_return_pct,
      cell: (row) => <Change value={row.total_return_pct} unit="percent" />,
    },
    ratioColumn('sharpe_ratio', t('field.sharpe')),
    ratioColumn('sortino_ratio', t('field.sortino')),
    ratioColumn('calmar_ratio', t('field.calmar')),
    {
      id: 'max_drawdown',
      header: t('field.maxDrawdown'),
      align: 'right',
      sortValue: (row) => row.max_drawdown_pct,
      cell: (row) => formatDrawdown(row.max_drawdown_pct),
    },
    {
      id: 'current_drawdown',
      header: t('field.currentDrawdown'),
      align: 'right',
      sortValue: (row) => row.current_drawdown_pct,
      cell: (row) => formatDrawdown(row.current_drawdown_pct),
    },
    ratioColumn('profit_factor', t('field.profitFactor')),
    {
      id: 'win_rate',
      header: t('field.winRate'),
      align: 'right',
      sortValue: (row) => row.win_rate,
      cell: (row) => (
        <Metric name="win_rate" undefinedMetrics={row.undefined_metrics}>
          {formatFraction(row.win_rate, 0)}
        </Metric>
      ),
    },
    countColumn('trades', t('field.trades'), (row) => row.total_trades),
    {
      id: 'equity',
      header: t('field.equity'),
      align: 'right',
      sortValue: (row) => row.current_equity,
      cell: (row) => formatUsd(row.current_equity),
    },
  ]
}
