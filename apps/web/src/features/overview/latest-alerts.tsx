import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { Severity } from '../../components/severity.tsx'
import { Card } from '../../components/ui/card.tsx'
import { RowsSkeleton } from '../../components/ui/skeleton.tsx'
import { cn } from '../../lib/cn.ts'
import { trpc } from '../../lib/trpc.ts'
import { ViewAll } from './latest-signals.tsx'

export function LatestAlerts() {
  const { t } = useTranslation()
  const alerts = trpc.v1.alerts.list.useQuery({ per_page: 5 }, { refetchInterval: 20_000 })
  return (
    <Card title={t('overview.latestAlerts')} actions={<ViewAll to="/alerts" />} bodyClassName="pt-2">
      <DataBlock
        query={alerts}
        skeleton={<RowsSkeleton rows={4} />}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('overview.noAlerts'), text: t('overview.noAlertsText') }}
      >
        {({ data }) => (
          <ul className="divide-y">
            {data.map((alert) => (
              <li
                key={alert.alert_id}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5 text-sm sm:flex-nowrap"
              >
                <Severity severity={alert.severity} />
                <span
                  className={cn(
                    'order-last min-w-0 basis-full sm:order-none sm:flex-1 sm:basis-auto sm:truncate',
                    alert.acknowledged && 'text-muted',
                  )}
                  lang="en"
                  title={alert.message}
                >
                  {alert.message}
                  {typeof alert.context['strategy_id'] === 'string' && (
                    <span className="ml-2 text-xs text-muted">{alert.context['strategy_id']}</span>
                  )}
                </span>
                <span className="ml-auto shrink-0 text-xs">
                  <Age at={alert.created_at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </DataBlock>
    </Card>
  )
}
