import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { withWords } from '../../i18n/index.ts'
import { formatTime } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { useMode } from '../../shell/use-deck-status.ts'
import { AccountChart } from './account-chart.tsx'
import { HealthStrip } from './health-strip.tsx'
import { LatestAlerts } from './latest-alerts.tsx'
import { LatestSignals } from './latest-signals.tsx'
import { RiskStrip } from './risk-strip.tsx'
import { SummaryCards, SummarySkeleton } from './summary-cards.tsx'
import { useWindow } from './use-window.ts'
import { WindowPicker } from './window-picker.tsx'

// Below the fold, and with the code of a chart and of the table: after what is seen first.
const StrategyLines = lazy(async () => ({ default: (await import('./strategy-lines.tsx')).StrategyLines }))
const ComparisonCard = lazy(async () => ({ default: (await import('./comparison-card.tsx')).ComparisonCard }))

const Checklist = lazy(async () => ({ default: (await withWords(import('./checklist.tsx'))).Checklist }))

export function OverviewPage() {
  const { t } = useTranslation()
  const mode = useMode()
  const chosen = useWindow()
  const summary = trpc.deck.metrics.window.useQuery(
    { ...chosen.input, mode },
    { refetchInterval: 15_000, placeholderData: (previous) => previous },
  )
  const strategies = trpc.v1.strategies.list.useQuery({}, { staleTime: 60_000 })
  const updated = summary.data && t('overview.updated', { time: formatTime(summary.data.meta.updated_at) })
  return (
    <Page title={t('overview.title')} description={updated} actions={<WindowPicker window={chosen} />}>
      {strategies.data?.data.length === 0 && (
        <Suspense>
          <Checklist />
        </Suspense>
      )}
      <RiskStrip />
      <DataBlock query={summary} skeleton={<SummarySkeleton />}>
        {({ data }) => <SummaryCards data={data} label={chosen.label} />}
      </DataBlock>
      <Card title={t('overview.equity')} description={chosen.label}>
        <DataBlock
          query={summary}
          skeleton={<Skeleton className="h-80" />}
          isEmpty={({ data }) => data.equity.length === 0}
          empty={{ title: t('overview.equityEmpty'), text: t('overview.equityEmptyText') }}
        >
          {({ data, meta }) => <AccountChart equity={data.equity} from={meta.from} to={meta.to} />}
        </DataBlock>
      </Card>
      <div className="grid gap-4 xl:grid-cols-2">
        <LatestSignals />
        <LatestAlerts />
      </div>
      <Suspense fallback={<Skeleton className="h-72 rounded-xl" />}>
        <StrategyLines input={chosen.input} />
        <ComparisonCard period={chosen.period} />
      </Suspense>
      <HealthStrip />
    </Page>
  )
}
