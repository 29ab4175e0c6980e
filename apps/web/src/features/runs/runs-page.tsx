import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { FlaskConical, Footprints, GitCompare, Grid3x3 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { minuteColumn } from '../../components/columns.ts'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf, type Column, type Selection } from '../../components/data-table.tsx'
import { Metric } from '../../components/metric.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { Change } from '../../components/pnl.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Button, buttonClass } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Picker } from '../../components/ui/field.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import type { Outputs } from '../../lib/app-router.ts'
import {
  DASH,
  formatDate,
  formatMinute,
  formatDrawdown,
  formatInteger,
  formatNumber,
  toNumber,
} from '../../lib/format.ts'
import { RUN_STATUSES, RUN_TYPES } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { RunStatusBadge } from './run-status.tsx'

const NewRunSheet = lazy(async () => ({ default: (await import('./new-run-sheet.tsx')).NewRunSheet }))

type Row = Outputs['v1']['runs']['list']['data'][number]

const PER_PAGE = 20

interface RunFilters {
  strategy?: string | undefined
  type?: (typeof RUN_TYPES)[number] | undefined
  status?: (typeof RUN_STATUSES)[number] | undefined
}

export function RunsPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/deck/runs' })
  const { strategy, type, status, page = 1 } = search
  const navigate = useNavigate({ from: '/runs' })
  const runs = trpc.v1.runs.list.useQuery(
    { strategy_id: strategy, run_type: type, status, page, per_page: PER_PAGE },
    {
      placeholderData: (previous) => previous,
      // A running backtest moves quickly, a list of finished runs does not.
      refetchInterval: (query) => (query.state.data?.data.some(isRunningBacktest) === true ? 2_000 : 20_000),
    },
  )
  const [chosen, setChosen] = useState<readonly string[]>([])
  const selection = {
    isSelected: (row: Row) => chosen.includes(row.run_id),
    mayToggle: (row: Row) =>
      chosen.includes(row.run_id) || (isComparable(row) && chosen.length < MOST_COMPARED),
    onToggle: ({ run_id: id }: Row) =>
      setChosen((ids) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id])),
  }
  const columns = useColumns(selection)
  const strategies = useStrategyOptions()
  const change = (next: RunFilters) =>
    void navigate({ search: (current) => ({ ...current, ...next, page: undefined }), replace: true })
  const setSheet = (open: boolean) =>
    void navigate({ search: (current) => ({ ...current, new: open ? true : undefined }), replace: true })
  const start = (
    <Button variant="primary" onClick={() => setSheet(true)}>
      <FlaskConical aria-hidden className="size-4" /> {t('runs.new')}
    </Button>
  )
  const clear = (
    <Button onClick={() => void navigate({ search: () => ({}), replace: true })}>
      {t('state.clearFilters')}
    </Button>
  )
  const filtered = [strategy, type, status].some((value) => value !== undefined)
  return (
    <Page
      title={t('runs.title')}
      actions={
        <>
          <Picker
            label={t('field.strategy')}
            value={strategy}
            allLabel={`${t('field.strategy')}: ${t('table.any')}`}
            options={strategies}
            onChange={(value) => change({ strategy: value })}
          />
          <Picker
            label={t('runs.type')}
            value={type}
            allLabel={`${t('field.type')}: ${t('table.any')}`}
            options={RUN_TYPES.map((value) => [value, t(`mode.${value}`)] as const)}
            onChange={(value) => change({ type: value })}
          />
          <Picker
            label={t('field.status')}
            value={status}
            allLabel={`${t('field.status')}: ${t('table.any')}`}
            options={RUN_STATUSES.map((value) => [value, t(`runStatus.${value}`)] as const)}
            onChange={(value) => change({ status: value })}
          />
          <Link
            to="/runs/compare"
            search={{ ids: chosen.join(',') }}
            disabled={chosen.length < 2}
            aria-disabled={chosen.length < 2}
            title={chosen.length < 2 ? t('compare.choose') : undefined}
            className={buttonClass('outline', 'md')}
          >
            <GitCompare aria-hidden className="size-4" /> {t('compare.action', { count: chosen.length })}
          </Link>
          <Link to="/sweeps" className={buttonClass('outline', 'md')}>
            <Grid3x3 aria-hidden className="size-4" /> {t('sweeps.title')}
          </Link>
          <Link to="/walk-forwards" className={buttonClass('outline', 'md')}>
            <Footprints aria-hidden className="size-4" /> {t('walkForward.one')}
          </Link>
          {start}
        </>
      }
    >
      <Card>
        <DataBlock
          query={runs}
          isEmpty={({ data }) => data.length === 0}
          empty={
            filtered
              ? { title: t('state.filtersEmpty'), action: clear }
              : { title: t('runs.empty'), text: t('runs.emptyText'), action: start }
          }
        >
          {({ data, meta }) => (
            <DataTable
              label={t('runs.title')}
              rows={data}
              rowKey={(row) => row.run_id}
              columns={columns}
              name="runs"
              sort={search.sort}
              onSort={(next) =>
                void navigate({ search: (current) => ({ ...current, sort: next }), replace: true })
              }
              onOpen={(row) => void navigate({ to: '/runs/$runId', params: { runId: row.run_id } })}
              selection={selection}
              paging={pagingOf(
                meta,
                (next) => void navigate({ search: (current) => ({ ...current, page: next }) }),
              )}
            />
          )}
        </DataBlock>
      </Card>
      <Suspense>{search.new === true && <NewRunSheet onClose={() => setSheet(false)} />}</Suspense>
    </Page>
  )
}

function isComparable(row: Row): boolean {
  return row.status === 'COMPLETED' && row.run_type === 'BACKTEST'
}

function isRunningBacktest(row: Row): boolean {
  return row.status === 'RUNNING' && row.run_type === 'BACKTEST'
}

/** A session has figures while it runs, a backtest when it is done, a failed run none. */
function hasFigures(row: Row): boolean {
  return row.status === 'COMPLETED' || (row.status === 'RUNNING' && row.run_type !== 'BACKTEST')
}

/** As many as one can tell apart in one chart. */
const MOST_COMPARED = 5

function useColumns({ isSelected, mayToggle, onToggle }: Selection<Row>): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'choose',
      header: t('compare.column'),
      cell: (row) => (
        <input
          type="checkbox"
          aria-label={t('compare.chooseRun', {
            name: `${row.strategy_id} ${formatMinute(row.created_at)}`,
          })}
          checked={isSelected(row)}
          disabled={!mayToggle(row)}
          onChange={() => onToggle(row)}
          className="size-4 accent-accent"
        />
      ),
    },
    {
      id: 'run',
      header: t('field.period'),
      wide: true,
      sortValue: (row) => row.start_date,
      cell: (row) => (
        <Link
          to="/runs/$runId"
          params={{ runId: row.run_id }}
          className="num font-medium hover:text-accent hover:underline"
        >
          {formatDate(row.start_date)} –{' '}
          {row.end_date === null ? t('runs.ongoing') : formatDate(row.end_date)}
        </Link>
      ),
    },
    {
      id: 'strategy',
      header: t('field.strategy'),
      sortValue: (row) => row.strategy_id,
      cell: (row) => <StrategyLink id={row.strategy_id} />,
    },
    {
      id: 'type',
      header: t('field.type'),
      sortValue: (row) => row.run_type,
      cell: (row) => <ModeBadge mode={row.run_type} />,
    },
    {
      id: 'status',
      header: t('field.status'),
      wide: true,
      sortValue: (row) => row.status,
      cell: (row) => <RunStatusBadge run={row} />,
    },
    {
      id: 'return',
      header: t('field.return'),
      align: 'right',
      sortValue: (row) => toNumber(row.total_return),
      cell: (row) => (hasFigures(row) ? <Change value={row.total_return} unit="percent" /> : DASH),
    },
    {
      id: 'sharpe',
      header: t('field.sharpe'),
      align: 'right',
      sortValue: (row) => toNumber(row.sharpe_ratio),
      cell: (row) =>
        hasFigures(row) ? (
          <Metric name="sharpe_ratio" undefinedMetrics={row.undefined_metrics}>
            {formatNumber(row.sharpe_ratio)}
          </Metric>
        ) : (
          DASH
        ),
    },
    {
      id: 'drawdown',
      header: t('field.maxDrawdown'),
      align: 'right',
      sortValue: (row) => toNumber(row.max_drawdown),
      cell: (row) => (hasFigures(row) ? formatDrawdown(row.max_drawdown) : DASH),
    },
    {
      id: 'trades',
      header: t('field.trades'),
      align: 'right',
      sortValue: (row) => row.total_trades,
      cell: (row) => (hasFigures(row) ? formatInteger(row.total_trades) : DASH),
    },
    minuteColumn('created', t('field.created'), (row) => row.created_at),
  ]
}
