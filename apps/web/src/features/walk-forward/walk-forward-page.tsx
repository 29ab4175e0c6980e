import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { DataBlock, EmptyState } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Figure } from '../../components/figure.tsx'
import { Change } from '../../components/pnl.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { DASH, formatDate, formatFraction, formatInteger, toNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { Page } from '../../shell/page.tsx'
import { EquityChart } from '../chart/equity-chart.tsx'
import { formatFigure } from '../runs/result/figures.ts'
import { RunStatusBadge } from '../runs/run-status.tsx'

type Study = Outputs['deck']['walkForwards']['get']['data']
type Window = Study['windows'][number]

export function WalkForwardPage() {
  const { t } = useTranslation()
  const { studyId } = useParams({ from: '/deck/walk-forwards/$studyId' })
  const study = trpc.deck.walkForwards.get.useQuery(
    { walk_forward_id: studyId },
    { refetchInterval: ({ state }) => (state.data?.data.status === 'RUNNING' ? 1_500 : false) },
  )
  const data = study.data?.data
  return (
    <Page
      title={data ? `${data.strategy_id} · ${t('walkForward.one')}` : t('walkForward.one')}
      description={<BackLink to="/walk-forwards">{t('walkForward.back')}</BackLink>}
      actions={data && <Actions study={data} />}
    >
      <DataBlock query={study} skeleton={<Skeleton className="h-96 rounded-xl" />}>
        {({ data: detail }) => <Result study={detail} />}
      </DataBlock>
    </Page>
  )
}

function Actions({ study }: { study: Study }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const cancel = trpc.deck.walkForwards.cancel.useMutation(
    useAction(t('walkForward.cancelled'), () => utils.deck.walkForwards.invalidate()),
  )
  return (
    <>
      <RunStatusBadge run={{ ...study, run_type: 'BACKTEST' }} />
      {study.status === 'RUNNING' && (
        <Button
          size="sm"
          pending={cancel.isPending}
          onClick={() => cancel.mutate({ walk_forward_id: study.walk_forward_id })}
        >
          {t('action.cancel')}
        </Button>
      )}
    </>
  )
}

const SHOWN = [
  'total_return_pct',
  'sharpe_ratio',
  'max_drawdown_pct',
  'profit_factor',
  'total_trades',
] as const

function Result({ study }: { study: Study }) {
  const { t } = useTranslation()
  const columns = useColumns(study)
  // Each part out of sample is a stretch of its own: the reader sees where the parameters changed.
  const marks = useMemo(
    () =>
      study.windows.slice(1).map(({ index, out_of_sample: { start_date: date } }) => ({
        date: study.equity_curve.find((point) => point.date >= date)?.date ?? date,
        text: String(index + 1),
        isBad: false,
      })),
    [study.windows, study.equity_curve],
  )
  return (
    <div className="space-y-4">
      <Card>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
          <Figure label={t('field.period')}>
            {formatDate(study.start_date)} – {formatDate(study.end_date)}
          </Figure>
          <Figure label={t('walkForward.runs')}>
            {formatInteger(study.cells_done)} / {formatInteger(study.cells_total)}
          </Figure>
          <Figure label={t('walkForward.efficiency')}>
            {study.efficiency === null ? DASH : formatFraction(study.efficiency, 0)}
          </Figure>
          <Figure label={t('walkForward.lengths')}>
            {t('walkForward.lengthsValue', {
              inSample: study.in_sample_days,
              outOfSample: study.out_of_sample_days,
            })}
          </Figure>
          {study.figures &&
            SHOWN.slice(0, 4).map((name) => (
              <Figure key={name} label={t(`runFigure.${name}`)}>
                {formatFigure(name, study.figures?.[name] ?? null)}
              </Figure>
            ))}
        </dl>
        <p className="mt-3 text-xs text-muted">{t('walkForward.efficiencyHint')}</p>
        {study.error !== undefined && <p className="mt-2 text-sm text-bad-ink">{study.error}</p>}
        {study.notes.map((note) => (
          <p key={note} className="mt-1 text-xs text-muted">
            {note}
          </p>
        ))}
      </Card>
      <Card title={t('walkForward.equity')} description={t('walkForward.equityHint')}>
        {study.equity_curve.length > 1 ? (
          <EquityChart points={study.equity_curve} marks={marks} />
        ) : (
          <EmptyState title={t('result.noCurve')} />
        )}
      </Card>
      <Card title={t('walkForward.windowsTitle')} description={t('walkForward.windowsHint')}>
        <DataTable
          label={t('walkForward.windowsTitle')}
          rows={study.windows}
          rowKey={(row) => String(row.index)}
          columns={columns}
          name="walk-forward-windows"
        />
      </Card>
    </div>
  )
}

function useColumns({ metric }: Study): Column<Window>[] {
  const { t } = useTranslation()
  const span = (part: 'in_sample' | 'out_of_sample', header: string): Column<Window> => ({
    id: part,
    header,
    wide: true,
    sortValue: (row) => row[part].start_date,
    cell: (row) => (
      <span className="num text-xs">
        {formatDate(row[part].start_date)} – {formatDate(row[part].end_date)}
      </span>
    ),
  })
  return [
    {
      id: 'index',
      header: t('walkForward.window'),
      align: 'right',
      sortValue: (row) => row.index,
      cell: (row) => row.index + 1,
    },
    span('in_sample', t('walkForward.inSample')),
    span('out_of_sample', t('walkForward.outOfSample')),
    {
      id: 'parameters',
      header: t('walkForward.chosen'),
      wide: true,
      cell: (row) =>
        row.error ??
        (row.parameters === null
          ? DASH
          : Object.entries(row.parameters).map(([name, value]) => (
              <span key={name} className="mr-3 whitespace-nowrap">
                <span className="text-muted">{name}</span> {String(value)}
              </span>
            ))),
    },
    {
      id: 'before',
      header: t('walkForward.metricIn', { metric: t(`runFigure.${metric}`) }),
      align: 'right',
      sortValue: (row) => toNumber(row.in_sample_figures?.[metric]),
      cell: (row) => formatFigure(metric, row.in_sample_figures?.[metric]),
    },
    {
      id: 'after',
      header: t('walkForward.metricOut', { metric: t(`runFigure.${metric}`) }),
      align: 'right',
      sortValue: (row) => toNumber(row.out_of_sample_figures?.[metric]),
      cell: (row) => formatFigure(metric, row.out_of_sample_figures?.[metric]),
    },
    {
      id: 'return',
      header: t('walkForward.returnOut'),
      align: 'right',
      sortValue: (row) => toNumber(row.out_of_sample_figures?.total_return_pct),
      cell: (row) => <Change value={row.out_of_sample_figures?.total_return_pct} unit="percent" />,
    },
    {
      id: 'trades',
      header: t('field.trades'),
      align: 'right',
      sortValue: (row) => row.out_of_sample_figures?.total_trades ?? null,
      cell: (row) => formatInteger(row.out_of_sample_figures?.total_trades),
    },
  ]
}
