import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowLeft, Grid3x3 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf, type Column } from '../../components/data-table.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDate, formatInteger, formatMinute } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { RunStatusBadge } from '../runs/run-status.tsx'

const NewSweep = lazy(async () => ({ default: (await import('./new-sweep.tsx')).NewSweep }))

export type Sweep = Outputs['deck']['sweeps']['list']['data'][number]

export function SweepsPage() {
  const { t } = useTranslation()
  const { page = 1, new: isNew } = useSearch({ from: '/deck/sweeps' })
  const navigate = useNavigate({ from: '/sweeps' })
  const sweeps = trpc.deck.sweeps.list.useQuery(
    { page, per_page: 20 },
    {
      placeholderData: (previous) => previous,
      refetchInterval: ({ state }) =>
        state.data?.data.some(({ status }) => status === 'RUNNING') === true ? 2_000 : 20_000,
    },
  )
  const columns = useColumns()
  const setNew = (open: boolean) =>
    void navigate({ search: (current) => ({ ...current, new: open ? true : undefined }), replace: true })
  const start = (
    <Button variant="primary" onClick={() => setNew(true)}>
      <Grid3x3 aria-hidden className="size-4" /> {t('sweeps.new')}
    </Button>
  )
  return (
    <Page
      title={t('sweeps.title')}
      description={
        <Link to="/runs" className="inline-flex items-center gap-1 hover:text-ink">
          <ArrowLeft aria-hidden className="size-3.5" /> {t('runs.back')}
        </Link>
      }
      actions={start}
    >
      <Card>
        <DataBlock
          query={sweeps}
          isEmpty={({ data }) => data.length === 0}
          empty={{ title: t('sweeps.empty'), text: t('sweeps.emptyText'), action: start }}
        >
          {({ data, meta }) => (
            <DataTable
              label={t('sweeps.title')}
              rows={data}
              rowKey={(row) => row.sweep_id}
              columns={columns}
              paging={pagingOf(
                meta,
                (next) => void navigate({ search: (current) => ({ ...current, page: next }) }),
              )}
            />
          )}
        </DataBlock>
      </Card>
      <Suspense>{isNew === true && <NewSweep onClose={() => setNew(false)} />}</Suspense>
    </Page>
  )
}

function useColumns(): Column<Sweep>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'period',
      header: t('field.period'),
      cell: (row) => (
        <Link
          to="/sweeps/$sweepId"
          params={{ sweepId: row.sweep_id }}
          className="num font-medium hover:text-accent hover:underline"
        >
          {formatDate(row.start_date)} – {formatDate(row.end_date)}
        </Link>
      ),
    },
    { id: 'strategy', header: t('field.strategy'), cell: (row) => <StrategyLink id={row.strategy_id} /> },
    { id: 'metric', header: t('sweeps.metric'), cell: (row) => t(`figure.${row.metric}`) },
    {
      id: 'cells',
      header: t('sweeps.sets'),
      align: 'right',
      cell: (row) => `${formatInteger(row.cells_done)} / ${formatInteger(row.cells_total)}`,
    },
    {
      id: 'status',
      header: t('field.status'),
      wide: true,
      cell: (row) => <RunStatusBadge run={{ ...row, run_type: 'BACKTEST' }} />,
    },
    {
      id: 'created',
      header: t('field.created'),
      align: 'right',
      cell: (row) => formatMinute(row.created_at),
    },
  ]
}
