import { useParams, useSearch } from '@tanstack/react-router'
import { CircleAlert, ExternalLink, Info } from 'lucide-react'
import { lazy, Suspense, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { DataBlock, EmptyState } from '../../components/data-block.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { buttonClass } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { TabLinks } from '../../components/ui/tab-links.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDate, formatTime } from '../../lib/format.ts'
import { serverNow } from '../../lib/now.ts'
import { RUN_TABS } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { toCurve, type CurvePoint } from '../chart/curve.ts'
import { EquityChart } from '../chart/equity-chart.tsx'
import { CancelRun } from './cancel-run.tsx'
import { DownloadMenu } from './result/download-menu.tsx'
import { AllFigures } from './result/all-figures.tsx'
import { RunAssumptions } from './run-assumptions.tsx'
import { RunMetrics } from './run-metrics.tsx'
import { RunStatusBadge } from './run-status.tsx'

const EquityTab = lazy(async () => ({ default: (await import('./result/equity-tab.tsx')).EquityTab }))
const PeriodsTab = lazy(async () => ({ default: (await import('./result/periods-tab.tsx')).PeriodsTab }))
const TradesTab = lazy(async () => ({ default: (await import('./result/trades-tab.tsx')).TradesTab }))
const OutlookTab = lazy(async () => ({ default: (await import('./result/outlook-tab.tsx')).OutlookTab }))
const LogTab = lazy(async () => ({ default: (await import('./result/log-tab.tsx')).LogTab }))

export type RunDetail = Outputs['v1']['runs']['get']['data']

const FEW_TRADES = 30

type RunTab = (typeof RUN_TABS)[number]
const ANALYSIS: ReadonlySet<RunTab> = new Set(['outlook', 'log'])

export function RunPage() {
  const { t } = useTranslation()
  const { runId } = useParams({ from: '/deck/runs/$runId' })
  const { tab = 'summary' } = useSearch({ from: '/deck/runs/$runId' })
  const run = trpc.v1.runs.get.useQuery(
    { run_id: runId },
    {
      refetchInterval: (query) => {
        const data = query.state.data?.data
        if (data?.status !== 'RUNNING') return false
        return data.run_type === 'BACKTEST' ? 1_500 : 20_000
      },
    },
  )
  const data = run.data?.data
  return (
    <Page
      title={data ? `${data.strategy_id} · ${formatDate(data.start_date)}` : t('runs.detail')}
      description={<BackLink to="/runs">{t('runs.back')}</BackLink>}
      actions={data && <Actions run={data} />}
    >
      <TabLinks
        label={t('result.tabs')}
        current={tab}
        tabs={RUN_TABS.filter((key) => data === undefined || isAnalysed(data) || !ANALYSIS.has(key)).map(
          (key) => ({
            key,
            text: t(`result.tab.${key}`),
            link: { to: '/runs/$runId', params: { runId }, search: key === 'summary' ? {} : { tab: key } },
          }),
        )}
      />
      <DataBlock query={run} skeleton={<Skeleton className="h-96 rounded-xl" />}>
        {({ data: detail }) => <Result run={detail} tab={tab} />}
      </DataBlock>
    </Page>
  )
}

function Actions({ run }: { run: RunDetail }) {
  const { t } = useTranslation()
  return (
    <>
      <ModeBadge mode={run.run_type} />
      <RunStatusBadge run={run} />
      <CancelRun run={run} />
      {isAnalysed(run) && <DownloadMenu run={run} />}
      {run.report_url !== null && (
        <a href={run.report_url} target="_blank" rel="noreferrer" className={buttonClass('outline', 'sm')}>
          <ExternalLink aria-hidden className="size-3.5" /> {t('runs.report')}
        </a>
      )}
    </>
  )
}

const DAY_MS = 86_400_000

function Result({ run, tab }: { run: RunDetail; tab: RunTab }) {
  const { t } = useTranslation()
  if (run.status === 'FAILED') {
    return (
      <Card>
        <EmptyState title={t('runs.failed')} text={run.error} />
      </Card>
    )
  }
  const running = run.status === 'RUNNING' && run.run_type === 'BACKTEST'
  const end = run.end_date === null ? serverNow() : Date.parse(run.end_date)
  const isDone = run.status === 'COMPLETED'
  return (
    <div className="space-y-4">
      {running && <RunningNote run={run} />}
      {run.status === 'RUNNING' && !running && <Note>{t('runs.sessionText')}</Note>}
      {run.notes.map((note) => (
        <Note key={note}>
          <span lang="en">{note}</span>
        </Note>
      ))}
      {isDone && run.total_trades < FEW_TRADES && <Note warning>{t('runs.fewTrades')}</Note>}
      {isDone && end - Date.parse(run.start_date) < 365 * DAY_MS && (
        <Note warning>{t('result.shortPeriod')}</Note>
      )}
      <Suspense
        fallback={
          <div role="status" aria-label={t('app.loading')}>
            <Skeleton className="h-72 rounded-xl" />
          </div>
        }
      >
        <TabBody run={run} tab={tab} />
      </Suspense>
    </div>
  )
}

/** What only a finished backtest has: figures of its own, an outlook, a log. */
function isAnalysed(run: RunDetail): boolean {
  return run.run_type === 'BACKTEST' && run.status === 'COMPLETED'
}

function TabBody({ run, tab }: { run: RunDetail; tab: RunTab }) {
  const { t } = useTranslation()
  const curve = useMemo(() => toCurve(run.equity_curve), [run.equity_curve])
  if (tab === 'trades') return <TradesTab run={run} />
  if (tab === 'outlook' && isAnalysed(run)) return <OutlookTab runId={run.run_id} />
  if (tab === 'log' && isAnalysed(run)) return <LogTab runId={run.run_id} />
  if (tab !== 'summary' && curve.length < 2) {
    return (
      <Card>
        <EmptyState title={t('result.noCurve')} />
      </Card>
    )
  }
  if (tab === 'equity') return <EquityTab run={run} />
  if (tab === 'periods') return <PeriodsTab curve={curve} />
  return <SummaryTab run={run} curve={curve} />
}

function SummaryTab({ run, curve }: { run: RunDetail; curve: readonly CurvePoint[] }) {
  const { t } = useTranslation()
  const statistics = trpc.deck.runs.statistics.useQuery(
    { run_id: run.run_id },
    { enabled: isAnalysed(run), staleTime: Infinity },
  )
  return (
    <>
      <RunMetrics run={run} />
      {curve.length > 1 && (
        <Card title={t('overview.equity')}>
          <EquityChart points={run.equity_curve} benchmark={statistics.data?.data.benchmark_curve} />
        </Card>
      )}
      {isAnalysed(run) && (
        <DataBlock
          query={statistics}
          staleAfterMs={Infinity}
          skeleton={<Skeleton className="h-72 rounded-xl" />}
        >
          {({ data }) => <AllFigures statistics={data} />}
        </DataBlock>
      )}
      <RunAssumptions assumptions={run.assumptions} />
    </>
  )
}

function RunningNote({ run }: { run: RunDetail }) {
  const { t } = useTranslation()
  return (
    <Note>
      {t('runs.runningText')}
      {run.phase !== null && ` ${run.phase}.`}
      {run.estimated_completion !== null &&
        ` ${t('runs.eta', { time: formatTime(run.estimated_completion) })}.`}
    </Note>
  )
}

function Note({ warning = false, children }: { warning?: boolean; children: ReactNode }) {
  const Icon = warning ? CircleAlert : Info
  const tone = warning ? 'bg-watch-soft text-watch-ink' : 'bg-info-soft text-info-ink'
  return (
    <p role="status" className={`flex items-start gap-2 rounded-lg px-3 py-2 text-sm ${tone}`}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{children}</span>
    </p>
  )
}
