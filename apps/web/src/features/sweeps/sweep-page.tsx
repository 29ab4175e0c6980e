import { useNavigate, useParams } from '@tanstack/react-router'
import { Play, Trophy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Figure } from '../../components/figure.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { DASH, formatDate, formatFraction, formatInteger, formatTime, toNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { Page } from '../../shell/page.tsx'
import { formatFigure } from '../runs/result/figures.ts'
import { RunStatusBadge } from '../runs/run-status.tsx'
import { SweepHeatmap } from './sweep-heatmap.tsx'

export type SweepDetail = Outputs['deck']['sweeps']['get']['data']
export type SweepCell = SweepDetail['cells'][number]

export function SweepPage() {
  const { t } = useTranslation()
  const { sweepId } = useParams({ from: '/deck/sweeps/$sweepId' })
  const sweep = trpc.deck.sweeps.get.useQuery(
    { sweep_id: sweepId },
    { refetchInterval: ({ state }) => (state.data?.data.status === 'RUNNING' ? 1_500 : false) },
  )
  const data = sweep.data?.data
  return (
    <Page
      title={data ? `${data.strategy_id} · ${t('sweeps.one')}` : t('sweeps.one')}
      description={<BackLink to="/sweeps">{t('sweeps.back')}</BackLink>}
      actions={data && <Actions sweep={data} />}
    >
      <DataBlock query={sweep} skeleton={<Skeleton className="h-96 rounded-xl" />}>
        {({ data: detail }) => <Result sweep={detail} />}
      </DataBlock>
    </Page>
  )
}

function Actions({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const cancel = trpc.deck.sweeps.cancel.useMutation(
    useAction(t('sweeps.cancelled'), () => utils.deck.sweeps.invalidate()),
  )
  return (
    <>
      <RunStatusBadge run={{ ...sweep, run_type: 'BACKTEST' }} />
      {sweep.status === 'RUNNING' && (
        <Button
          size="sm"
          pending={cancel.isPending}
          onClick={() => cancel.mutate({ sweep_id: sweep.sweep_id })}
        >
          {t('action.cancel')}
        </Button>
      )}
    </>
  )
}

function Result({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation()
  const best = sweep.cells.find(({ index }) => index === sweep.best)
  const columns = useColumns(sweep)
  return (
    <div className="space-y-4">
      <Card>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
          <Figure label={t('field.period')}>
            {formatDate(sweep.start_date)} – {formatDate(sweep.end_date)}
          </Figure>
          <Figure label={t('sweeps.sets')}>
            {formatInteger(sweep.cells_done)} / {formatInteger(sweep.cells_total)}
            {sweep.estimated_completion !== null && (
              <span className="ml-2 text-xs font-normal text-muted">
                {t('runs.eta', { time: formatTime(sweep.estimated_completion) })}
              </span>
            )}
          </Figure>
          <Figure label={t('sweeps.best', { metric: t(`runFigure.${sweep.metric}`) })}>
            {formatFigure(sweep.metric, best?.figures?.[sweep.metric])}
          </Figure>
          <Figure label={t('sweeps.luck')}>
            {sweep.deflated_sharpe === null ? DASH : formatFraction(sweep.deflated_sharpe)}
          </Figure>
        </dl>
        <p className="mt-3 text-xs text-muted">{t('sweeps.luckText')}</p>
        {sweep.error !== undefined && <p className="mt-2 text-sm text-bad-ink">{sweep.error}</p>}
        {sweep.notes.map((note) => (
          <p key={note} className="mt-1 text-xs text-muted">
            {note}
          </p>
        ))}
      </Card>
      {sweep.axes.length <= 2 && (
        <Card
          title={t('sweeps.heatmap', { metric: t(`runFigure.${sweep.metric}`) })}
          description={t('sweeps.heatmapText')}
        >
          <SweepHeatmap sweep={sweep} />
        </Card>
      )}
      <Card title={t('sweeps.cells')}>
        <DataTable
          label={t('sweeps.cells')}
          rows={sweep.cells}
          rowKey={(cell) => String(cell.index)}
          sort="rank"
          columns={columns}
        />
      </Card>
    </div>
  )
}

const SHOWN = ['sharpe_ratio', 'total_return_pct', 'max_drawdown_pct', 'profit_factor'] as const

function useColumns(sweep: SweepDetail): Column<SweepCell>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'rank',
      header: t('sweeps.rank'),
      align: 'right',
      sortValue: (cell) => cell.rank ?? Number.MAX_SAFE_INTEGER,
      cell: (cell) => (
        <span className="inline-flex items-center gap-1.5">
          {cell.rank === 1 && <Trophy aria-label={t('compare.best')} className="size-3.5 text-up" />}
          {cell.rank ?? DASH}
        </span>
      ),
    },
    ...sweep.axes.map(({ name }): Column<SweepCell> => ({
      id: `axis:${name}`,
      header: name,
      align: 'right',
      sortValue: (cell) => {
        const value = cell.parameters[name]
        return typeof value === 'boolean' ? Number(value) : (value ?? null)
      },
      cell: (cell) => String(cell.parameters[name]),
    })),
    ...SHOWN.map((figure): Column<SweepCell> => ({
      id: figure,
      header: t(`runFigure.${figure}`),
      align: 'right',
      sortValue: (cell) => toNumber(cell.figures?.[figure]),
      cell: (cell) => formatFigure(figure, cell.figures?.[figure]),
    })),
    {
      id: 'trades',
      header: t('field.trades'),
      align: 'right',
      sortValue: (cell) => cell.figures?.total_trades ?? null,
      cell: (cell) =>
        cell.error === undefined ? (
          formatInteger(cell.figures?.total_trades)
        ) : (
          <span className="text-xs whitespace-normal text-muted">{cell.error}</span>
        ),
    },
    { id: 'promote', header: t('table.actions'), cell: (cell) => <Promote sweep={sweep} cell={cell} /> },
  ]
}

/** A cell keeps its figures only: with its trades and report it is a run of its own. */
function Promote({ sweep, cell }: { sweep: SweepDetail; cell: SweepCell }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const action = useAction(t('runs.started'), () => undefined)
  const promote = trpc.deck.sweeps.promote.useMutation({
    ...action,
    onSuccess({ data }) {
      action.onSuccess()
      void navigate({ to: '/runs/$runId', params: { runId: data.run_id } })
    },
  })
  if (cell.figures === null) return null
  return (
    <Button
      size="sm"
      pending={promote.isPending}
      onClick={() => promote.mutate({ sweep_id: sweep.sweep_id, index: cell.index })}
    >
      <Play aria-hidden className="size-3.5" /> {t('sweeps.promote')}
    </Button>
  )
}
