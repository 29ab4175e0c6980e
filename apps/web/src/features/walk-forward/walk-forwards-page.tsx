import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowLeft, Footprints } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { minuteColumn } from '../../components/columns.ts'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf, type Column } from '../../components/data-table.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDate, formatInteger } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { RunStatusBadge } from '../runs/run-status.tsx'

const NewWalkForward = lazy(async () => ({
  default: (await import('./new-walk-forward.tsx')).NewWalkForward,
}))

type Study = Outputs['deck']['walkForwards']['list']['data'][number]

export function WalkForwardsPage() {
  const { t } = useTranslation()
  const { page = 1, new: isNew } = useSearch({ from: '/deck/walk-forwards' })
  const navigate = useNavigate({ from: '/walk-forwards' })
  const studies = trpc.deck.walkForwards.list.useQuery(
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
      <Footprints aria-hidden className="size-4" /> {t('walkForward.new')}
    </Button>
  )
  return (
    <Page
      title={t('walkForward.title')}
      description={
        <Link to="/runs" className="inline-flex items-center gap-1 hover:text-ink">
          <ArrowLeft aria-hidden className="size-3.5" /> {t('runs.back')}
        </Link>
      }
      actions={start}
    >
      <Card>
        <DataBlock
          query={studies}
          isEmpty={({ data }) => data.length === 0}
          empty={{ title: t('walkForward.empty'), text: t('walkForward.emptyText'), action: start }}
        >
          {({ data, meta }) => (
            <DataTable
              label={t('walkForward.title')}
              rows={data}
              rowKey={(row) => row.walk_forward_id}
              columns={columns}
              name="walk-forwards"
              onOpen={({ walk_forward_id: studyId }) =>
                void navigate({ to: '/walk-forwards/$studyId', params: { studyId } })
              }
              paging={pagingOf(
                meta,
                (next) => void navigate({ search: (current) => ({ ...current, page: next }) }),
              )}
            />
          )}
        </DataBlock>
      </Card>
      <Suspense>{isNew === true && <NewWalkForward onClose={() => setNew(false)} />}</Suspense>
    </Page>
  )
}

function useColumns(): Column<Study>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'period',
      header: t('field.period'),
      sortValue: (row) => row.start_date,
      cell: (row) => (
        <Link
          to="/walk-forwards/$studyId"
          params={{ studyId: row.walk_forward_id }}
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
      header: t('walkForward.runs'),
      align: 'right',
      cell: (row) => `${formatInteger(row.cells_done)} / ${formatInteger(row.cells_total)}`,
    },
    {
      id: 'status',
      header: t('field.status'),
      wide: true,
      cell: (row) => <RunStatusBadge run={{ ...row, run_type: 'BACKTEST' }} />,
    },
    minuteColumn('created', t('field.created'), (row) => row.created_at),
  ]
}
