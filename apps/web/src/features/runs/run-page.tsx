import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft, CircleAlert, ExternalLink, Info } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock, EmptyState } from '../../components/data-block.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { buttonClass } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDate, formatTime } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { toCurve } from '../chart/curve.ts'
import { EquityChart } from '../chart/equity-chart.tsx'
import { TradesTable } from '../positions/trades-table.tsx'
import { MonthlyHeatmap } from './monthly-heatmap.tsx'
import { RunAssumptions } from './run-assumptions.tsx'
import { RunMetrics } from './run-metrics.tsx'
import { RunStatusBadge } from './run-status.tsx'

export type RunDetail = Outputs['v1']['runs']['get']['data']

const FEW_TRADES = 30

export function RunPage() {
  const { t } = useTranslation()
  const { runId } = useParams({ from: '/deck/runs/$runId' })
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
      description={
        <Link to="/runs" className="inline-flex items-center gap-1 hover:text-ink">
          <ArrowLeft aria-hidden className="size-3.5" /> {t('runs.back')}
        </Link>
      }
      actions={data && <Actions run={data} />}
    >
      <DataBlock query={run} skeleton={<Skeleton className="h-96 rounded-xl" />}>
        {({ data: detail }) => <Result run={detail} />}
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
      {run.report_url !== null && (
        <a href={run.report_url} target="_blank" rel="noreferrer" className={buttonClass('outline', 'sm')}>
          <ExternalLink aria-hidden className="size-3.5" /> {t('runs.report')}
        </a>
      )}
    </>
  )
}

function Result({ run }: { run: RunDetail }) {
  const { t } = useTranslation()
  const { client } = trpc.useUtils()
  const curve = useMemo(() => toCurve(run.equity_curve), [run.equity_curve])
  if (run.status === 'FAILED') {
    return (
      <Card>
        <EmptyState title={t('runs.failed')} text={run.error} />
      </Card>
    )
  }
  const running = run.status === 'RUNNING' && run.run_type === 'BACKTEST'
  return (
    <div className="space-y-4">
      {running && <RunningNote run={run} />}
      {run.status === 'RUNNING' && !running && <Note>{t('runs.sessionText')}</Note>}
      {run.notes.map((note) => (
        <Note key={note}>{note}</Note>
      ))}
      {run.status === 'COMPLETED' && run.total_trades < FEW_TRADES && (
        <Note warning>{t('runs.fewTrades')}</Note>
      )}
      <RunMetrics run={run} />
      {curve.length > 1 && (
        <>
          <Card title={t('overview.equity')}>
            <EquityChart points={run.equity_curve} />
          </Card>
          <Card title={t('runs.monthly')} description={t('runs.monthlyHint')}>
            <MonthlyHeatmap curve={curve} />
          </Card>
        </>
      )}
      <Card title={t('runs.trades')}>
        {run.trades.length === 0 ? (
          <EmptyState title={t('runs.tradesEmpty')} />
        ) : (
          <TradesTable
            label={t('runs.trades')}
            rows={run.trades}
            name="run-trades"
            csv={() => client.deck.runs.tradesCsv.query({ run_id: run.run_id })}
          />
        )}
      </Card>
      <RunAssumptions assumptions={run.assumptions} />
    </div>
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
