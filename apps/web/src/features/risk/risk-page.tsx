import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { formatTime } from '../../lib/format.ts'
import { LimitsCard } from '../limits/limits-card.tsx'
import { Page } from '../../shell/page.tsx'
import { useRisk } from '../../shell/use-deck-status.ts'
import { OneMoreTrade } from './one-more-trade.tsx'
import { RiskHeadline } from './risk-headline.tsx'
import { RiskLimits } from './risk-limits.tsx'
import { RiskMeters } from './risk-meters.tsx'
import { RiskRules } from './risk-rules.tsx'
import { StrategyRisk } from './strategy-risk.tsx'

/** With the code of a chart. */
const RiskHistory = lazy(async () => ({ default: (await import('./risk-history.tsx')).RiskHistory }))

export function RiskPage() {
  const { t } = useTranslation()
  const risk = useRisk()
  const updated = risk.data && t('risk.updated', { time: formatTime(risk.data.last_updated) })
  return (
    <Page title={t('risk.title')} description={updated}>
      <DataBlock query={risk} staleAfterMs={60_000} skeleton={<Skeleton className="h-96 rounded-xl" />}>
        {(data) => (
          <div className="space-y-4">
            <RiskHeadline risk={data} />
            <div className="grid gap-4 xl:grid-cols-2">
              <Card title={t('risk.meters')}>
                <RiskMeters risk={data} />
              </Card>
              <Card title={t('risk.rules')} description={t('risk.rulesHint')}>
                <RiskRules risk={data} />
              </Card>
            </div>
            <Card title={t('risk.limits')}>
              <RiskLimits risk={data} />
            </Card>
          </div>
        )}
      </DataBlock>
      <OneMoreTrade />
      <Suspense fallback={<Skeleton className="h-72 rounded-xl" />}>
        <RiskHistory />
      </Suspense>
      <LimitsCard />
      <StrategyRisk />
    </Page>
  )
}
