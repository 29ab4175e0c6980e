import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { PERIODS, type Period } from '../../lib/search.ts'
import { formatTime } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { useMode } from '../../shell/use-deck-status.ts'
import { EquityChart } from '../chart/equity-chart.tsx'
import { ComparisonCard } from './comparison-card.tsx'
import { HealthStrip } from './health-strip.tsx'
import { LatestAlerts } from './latest-alerts.tsx'
import { LatestSignals } from './latest-signals.tsx'
import { RiskStrip } from './risk-strip.tsx'
import { StrategyLines } from './strategy-lines.tsx'
import { SummaryCards, SummarySkeleton } from './summary-cards.tsx'

const DEFAULT_PERIOD: Period = '1m'

export function OverviewPage() {
  const { t } = useTranslation()
  const mode = useMode()
  const { period = DEFAULT_PERIOD } = useSearch({ from: '/deck/' })
  const setPeriod = useSetPeriod()
  const summary = trpc.v1.metrics.summary.useQuery(
    { period, mode },
    { refetchInterval: 15_000, placeholderData: (previous) => previous },
  )
  const updated = summary.data && t('overview.updated', { time: formatTime(summary.data.meta.updated_at) })
  const options = PERIODS.map((value) => [value, value === 'all' ? t('period.all') : value] as const)
  const picker = <Segmented label={t('bar.period')} value={period} options={options} onChange={setPeriod} />
  return (
    <Page title={t('overview.title')} description={updated} actions={picker}>
      <RiskStrip />
      <DataBlock query={summary} skeleton={<SummarySkeleton />}>
        {({ data }) => <SummaryCards data={data} period={period} />}
      </DataBlock>
      <Card title={t('overview.equity')} description={t(`period.${period}`)}>
        <DataBlock
          query={summary}
          skeleton={<Skeleton className="h-80" />}
          isEmpty={({ data }) => data.equity_curve.length === 0}
          empty={{ title: t('overview.equityEmpty'), text: t('overview.equityEmptyText') }}
        >
          {({ data }) => <EquityChart points={data.equity_curve} />}
        </DataBlock>
      </Card>
      <div className="grid gap-4 xl:grid-cols-2">
        <LatestSignals />
        <LatestAlerts />
      </div>
      <StrategyLines period={period} />
      <ComparisonCard period={period} />
      <HealthStrip />
    </Page>
  )
}

/** The period stands in the URL; the keys 1 to 6 choose it. */
function useSetPeriod(): (period: Period) => void {
  const navigate = useNavigate({ from: '/' })
  const set = (period: Period) =>
    void navigate({ search: (current) => ({ ...current, period }), replace: true, resetScroll: false })
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select')) return
      const period = PERIODS[Number(event.key) - 1]
      if (period !== undefined) set(period)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return set
}
