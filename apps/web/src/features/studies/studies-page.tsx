import { Link, useNavigate, type LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { minuteColumn } from '../../components/columns.ts'
import { DataBlock, type QueryLike } from '../../components/data-block.tsx'
import { DataTable, pagingOf, type Column } from '../../components/data-table.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDate, formatInteger } from '../../lib/format.ts'
import { Page } from '../../shell/page.tsx'
import { RunStatusBadge } from '../runs/run-status.tsx'

type List = Outputs['deck']['sweeps']['list'] | Outputs['deck']['walkForwards']['list']

/** What a list says of any study: many runs of one strategy over one period, ranked by one figure. */
export type Study = Omit<List['data'][number], 'sweep_id' | 'walk_forward_id'>

interface StudiesSearch {
  page?: number | undefined
  new?: boolean | undefined
}

interface StudiesPageProps<Row extends Study> {
  title: string
  empty: { title: string; text: string }
  /** The button that opens the form. */
  newLabel: string
  icon: LucideIcon
  /** Of its runs: those done of all. */
  runsLabel: string
  /** Under which the reader's columns are kept. */
  name: string
  query: QueryLike<{ data: Row[]; meta: List['meta'] }>
  rowKey: (row: Row) => string
  linkOf: (row: Row) => Pick<LinkProps, 'to' | 'params'>
  search: StudiesSearch
  onSearch: (change: StudiesSearch) => void
  form: (onClose: () => void) => ReactNode
}

/** The list of sweeps, and that of walk-forward studies. */
export function StudiesPage<Row extends Study>(props: StudiesPageProps<Row>) {
  const { title, empty, newLabel, icon: Icon, query, linkOf, search, onSearch } = props
  const { t } = useTranslation()
  const navigate = useNavigate()
  const columns = useColumns<Row>(props)
  const start = (
    <Button variant="primary" onClick={() => onSearch({ new: true })}>
      <Icon aria-hidden className="size-4" /> {newLabel}
    </Button>
  )
  return (
    <Page title={title} description={<BackLink to="/runs">{t('runs.back')}</BackLink>} actions={start}>
      <Card>
        <DataBlock
          query={query}
          isEmpty={({ data }) => data.length === 0}
          empty={{ ...empty, action: start }}
        >
          {({ data, meta }) => (
            <DataTable
              label={title}
              rows={data}
              rowKey={props.rowKey}
              columns={columns}
              name={props.name}
              onOpen={(row) => void navigate(linkOf(row))}
              paging={pagingOf(meta, (page) => onSearch({ page }))}
            />
          )}
        </DataBlock>
      </Card>
      <Suspense>{search.new === true && props.form(() => onSearch({ new: undefined }))}</Suspense>
    </Page>
  )
}

/** Often while one of them is running, now and then otherwise. */
export function refetchStudies({
  state,
}: {
  state: { data?: { data: Pick<Study, 'status'>[] } | undefined }
}): number {
  return state.data?.data.some(({ status }) => status === 'RUNNING') === true ? 2_000 : 20_000
}

function useColumns<Row extends Study>({
  linkOf,
  runsLabel,
}: Pick<StudiesPageProps<Row>, 'linkOf' | 'runsLabel'>): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'period',
      header: t('field.period'),
      sortValue: (row) => row.start_date,
      cell: (row) => (
        <Link {...linkOf(row)} className="num font-medium hover:text-accent hover:underline">
          {formatDate(row.start_date)} – {formatDate(row.end_date)}
        </Link>
      ),
    },
    { id: 'strategy', header: t('field.strategy'), cell: (row) => <StrategyLink id={row.strategy_id} /> },
    { id: 'metric', header: t('sweeps.metric'), cell: (row) => t(`runFigure.${row.metric}`) },
    {
      id: 'cells',
      header: runsLabel,
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
