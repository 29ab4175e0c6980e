import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { BackLink } from '../../components/back-link.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { Figure } from '../../components/figure.tsx'
import { Severity } from '../../components/severity.tsx'
import { SignalBadge } from '../../components/signal-badge.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Card } from '../../components/ui/card.tsx'
import { RowsSkeleton, Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { DASH, formatDateTime, formatFraction, formatNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { OutcomeBadge } from '../signals/signal-history.tsx'
import { ActionBins } from './action-bins.tsx'
import { StatusBadge } from './status-badge.tsx'

const LinesChart = lazy(async () => ({ default: (await import('../chart/lines-chart.tsx')).LinesChart }))

type Model = Outputs['deck']['models']['get']['data']

const kl = (value: number) => formatNumber(value)

/** One model: how its actions drifted, what they are now against its training, and what became of it. */
export function ModelPage() {
  const { t } = useTranslation()
  const { modelId } = useParams({ from: '/deck/models/$modelId' })
  const model = trpc.deck.models.get.useQuery({ strategy_id: modelId }, { refetchInterval: 30_000 })
  const { data } = model.data ?? {}
  const back = <BackLink to="/models">{t('models.title')}</BackLink>
  return (
    <Page
      title={data?.name ?? modelId}
      description={back}
      actions={data && <StatusBadge status={data.status} />}
    >
      <DataBlock query={model} staleAfterMs={120_000} skeleton={<Skeleton className="h-96 rounded-xl" />}>
        {({ data: found }) => (
          <div className="space-y-4">
            <Facts model={found} />
            <Drift model={found} />
            <Card
              title={t('models.actions')}
              description={t('models.actionsHint', { count: found.judged_actions })}
            >
              <ActionBins bins={found.bins} />
            </Card>
          </div>
        )}
      </DataBlock>
      <div className="grid gap-4 xl:grid-cols-2">
        <RecentSignals modelId={modelId} />
        <LinkedAlerts modelId={modelId} />
      </div>
    </Page>
  )
}

function Facts({ model }: { model: Model }) {
  const { t } = useTranslation()
  const { baseline } = model
  return (
    <Card>
      <dl className="grid grid-cols-2 gap-4 lg:grid-cols-5">
        <Figure label={t('field.strategy')}>
          <StrategyLink id={model.model_id} name={model.name} />
        </Figure>
        <Figure label={t('models.kl')}>{formatNumber(model.drift.at(-1)?.kl)}</Figure>
        <Figure label={t('models.pValue')}>{formatNumber(model.p_value, 4)}</Figure>
        <Figure label={t('models.baseline')}>
          {baseline === null ? DASH : t('models.actionCount', { count: baseline.action_count })}
        </Figure>
        <Figure label={t('models.baselineSet')}>
          {baseline === null ? DASH : <Age at={baseline.set_at} />}
        </Figure>
      </dl>
      {baseline?.note && (
        <p translate="no" className="mt-3 text-sm text-muted">
          {baseline.note}
        </p>
      )}
    </Card>
  )
}

function Drift({ model: { drift, thresholds } }: { model: Model }) {
  const { t } = useTranslation()
  const lines = useMemo(() => {
    const flat = (label: string, value: number) => ({
      label,
      points: drift.map(({ at }) => ({ date: at, value })),
    })
    return [
      { label: t('models.kl'), points: drift.map((point) => ({ date: point.at, value: point.kl })) },
      flat(t('health.warning'), thresholds.warning_kl),
      flat(t('health.critical'), thresholds.critical_kl),
    ]
  }, [drift, thresholds, t])
  const last = drift.at(-1)
  return (
    <Card
      title={t('models.drift')}
      description={t('models.driftHint', {
        warning: formatNumber(thresholds.warning_kl, 1),
        critical: formatNumber(thresholds.critical_kl, 1),
      })}
    >
      {last === undefined ? (
        <p className="text-sm text-muted">{t('models.noDrift')}</p>
      ) : (
        <>
          <Suspense fallback={<Skeleton className="h-56" />}>
            <LinesChart
              lines={lines}
              format={kl}
              className="h-56"
              summary={t('models.driftSummary', {
                first: formatNumber(drift[0]?.kl),
                last: formatNumber(last.kl),
                count: drift.length,
              })}
            />
          </Suspense>
          <details className="mt-3 text-sm">
            <summary className="cursor-pointer text-accent">{t('action.showTable')}</summary>
            <DataTable
              label={t('models.drift')}
              rows={drift.toReversed()}
              rowKey={(point) => point.at}
              columns={[
                { id: 'at', header: t('field.time'), cell: (point) => formatDateTime(point.at) },
                {
                  id: 'kl',
                  header: t('models.kl'),
                  align: 'right',
                  cell: (point) => formatNumber(point.kl, 4),
                },
              ]}
            />
          </details>
        </>
      )}
    </Card>
  )
}

const SHOWN = 8

function RecentSignals({ modelId }: { modelId: string }) {
  const { t } = useTranslation()
  const signals = trpc.deck.signals.list.useQuery(
    { strategy_id: modelId, per_page: SHOWN },
    { refetchInterval: 15_000 },
  )
  return (
    <Card
      title={t('models.signals')}
      actions={
        <Link
          to="/signals"
          search={{ strategy: modelId }}
          className="text-xs font-medium text-accent hover:underline"
        >
          {t('action.viewAll')}
        </Link>
      }
    >
      <DataBlock
        query={signals}
        skeleton={<RowsSkeleton rows={4} />}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('signals.historyEmpty') }}
      >
        {({ data }) => (
          <ul className="divide-y text-sm">
            {data.map((signal) => (
              <li key={signal.signal_id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
                <SignalBadge signal={signal.signal} />
                <span className="num w-12 text-right font-medium">
                  {formatFraction(signal.confidence, 0)}
                </span>
                <OutcomeBadge outcome={signal.outcome} />
                <span className="ml-auto text-xs">
                  <Age at={signal.signal_at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </DataBlock>
    </Card>
  )
}

function LinkedAlerts({ modelId }: { modelId: string }) {
  const { t } = useTranslation()
  const alerts = trpc.v1.alerts.list.useQuery(
    { strategy_id: modelId, per_page: SHOWN },
    { refetchInterval: 30_000 },
  )
  return (
    <Card
      title={t('models.alerts')}
      actions={
        <Link to="/alerts" className="text-xs font-medium text-accent hover:underline">
          {t('action.viewAll')}
        </Link>
      }
    >
      <DataBlock
        query={alerts}
        skeleton={<RowsSkeleton rows={4} />}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('overview.noAlerts') }}
      >
        {({ data }) => (
          <ul className="divide-y text-sm">
            {data.map((alert) => (
              <li key={alert.alert_id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
                <Severity severity={alert.severity} />
                <span lang="en" translate="no" className="min-w-0 flex-1 basis-48">
                  {alert.message}
                </span>
                <span className="text-xs">
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
