import { ArrowDown, ArrowUp, ChevronDown, ChevronLeft, ChevronRight, ChevronsUpDown } from 'lucide-react'
import { Fragment, useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '../lib/cn.ts'
import { formatInteger } from '../lib/format.ts'
import { useNarrow } from '../lib/use-media.ts'
import { Button } from './ui/button.tsx'

export interface Column<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** Without it the column cannot be sorted. */
  sortValue?: (row: Row) => number | string | null
  align?: 'right'
  /** Takes a whole line of the card on a narrow screen. */
  wide?: boolean
  className?: string
}

export interface Paging {
  page: number
  perPage: number
  total: number
  onPage: (page: number) => void
}

/** The paging of a list as the API answers it. */
export function pagingOf(
  meta: { page: number; per_page: number; total_count: number },
  onPage: (page: number) => void,
): Paging {
  return { page: meta.page, perPage: meta.per_page, total: meta.total_count, onPage }
}

interface DataTableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Column id, with a leading minus for descending: what the URL holds. */
  sort?: string | undefined
  onSort?: (sort: string | undefined) => void
  paging?: Paging
  /** What a row shows when it is opened. */
  detail?: (row: Row) => ReactNode
  className?: string
}

/** The one table: sortable, paged, with details; under 640 px each row is a card. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const narrow = useNarrow()
  const [ownSort, setOwnSort] = useState<string | undefined>()
  const sort = props.onSort ? props.sort : (ownSort ?? props.sort)
  const rows = sortRows(props.rows, props.columns, sort)
  const view = { ...props, rows, sort, onSort: props.onSort ?? setOwnSort }
  return (
    <div className={cn('min-w-0', props.className)}>
      {narrow ? <Cards {...view} /> : <Grid {...view} />}
      {props.paging && <Pages {...props.paging} />}
    </div>
  )
}

function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: string | undefined) {
  if (sort === undefined) return rows
  const descending = sort.startsWith('-')
  const value = columns.find((column) => column.id === sort.replace(/^-/, ''))?.sortValue
  if (!value) return rows
  return rows.toSorted((a, b) => compare(value(a), value(b)) * (descending ? -1 : 1))
}

function compare(a: number | string | null, b: number | string | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  if (typeof a === 'string' || typeof b === 'string') return String(a).localeCompare(String(b))
  return a - b
}

type View<Row> = DataTableProps<Row> & { onSort: (sort: string | undefined) => void }

function Grid<Row>({ label, columns, rows, rowKey, sort, onSort, detail }: View<Row>) {
  const { t } = useTranslation()
  return (
    // A wide table scrolls inside its own frame; the page never scrolls sideways.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section
      aria-label={label}
      tabIndex={0}
      className={cn(
        'scroll-thin relative overflow-auto rounded-lg',
        rows.length > LONG_TABLE && 'max-h-[70vh]',
      )}
    >
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
            {detail && (
              <th scope="col" className={cn(HEAD, 'w-10')}>
                <span className="sr-only">{t('table.actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <GridRow key={rowKey(row)} row={row} columns={columns} detail={detail} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** More rows than this scroll under a sticky header; a page of a list is shown whole. */
const LONG_TABLE = 25

const HEAD =
  'sticky top-0 z-10 border-b bg-surface px-2.5 py-2 text-left text-xs font-medium text-muted whitespace-nowrap'

interface HeaderCellProps<Row> {
  column: Column<Row>
  sort: string | undefined
  onSort: (sort: string | undefined) => void
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderCellProps<Row>) {
  const { t } = useTranslation()
  const ascending = sort === column.id
  const descending = sort === `-${column.id}`
  const right = column.align === 'right'
  if (!column.sortValue) {
    return (
      <th scope="col" className={cn(HEAD, right && 'text-right')}>
        {column.header}
      </th>
    )
  }
  const Icon = ascending ? ArrowUp : descending ? ArrowDown : ChevronsUpDown
  // First press: largest first, then smallest first, then the server's order again.
  const next = descending ? column.id : ascending ? undefined : `-${column.id}`
  return (
    <th
      scope="col"
      aria-sort={ascending ? 'ascending' : descending ? 'descending' : 'none'}
      className={cn(HEAD, right && 'text-right')}
    >
      <button
        type="button"
        title={t('table.sort', { column: column.header })}
        onClick={() => onSort(next)}
        className={cn(
          'group/sort relative inline-flex h-6 items-center rounded hover:text-ink',
          (ascending || descending) && 'text-ink',
        )}
      >
        {column.header}
        <Icon
          aria-hidden
          className={cn(
            'absolute size-3',
            right ? '-left-3.5' : '-right-3.5',
            !ascending &&
              !descending &&
              'opacity-0 group-hover/sort:opacity-100 group-focus-visible/sort:opacity-100',
          )}
        />
      </button>
    </th>
  )
}

interface GridRowProps<Row> {
  row: Row
  columns: readonly Column<Row>[]
  detail: ((row: Row) => ReactNode) | undefined
}

function GridRow<Row>({ row, columns, detail }: GridRowProps<Row>) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <Fragment>
      <tr className="group hover:bg-raised/60">
        {columns.map((column) => (
          <td
            key={column.id}
            className={cn(
              'border-b px-2.5 py-2 align-middle group-last:border-b-0',
              column.align === 'right' && 'num text-right',
              column.className,
            )}
          >
            {column.cell(row)}
          </td>
        ))}
        {detail && (
          <td className="border-b px-1 py-1 text-right group-last:border-b-0">
            <DetailToggle open={open} controls={id} onToggle={() => setOpen(!open)} />
          </td>
        )}
      </tr>
      {detail && open && (
        <tr id={id}>
          <td colSpan={columns.length + 1} className="border-b bg-raised/50 p-4">
            {detail(row)}
          </td>
        </tr>
      )}
    </Fragment>
  )
}

function DetailToggle({
  open,
  controls,
  onToggle,
}: {
  open: boolean
  controls: string
  onToggle: () => void
}) {
  const { t } = useTranslation()
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-expanded={open}
      aria-controls={controls}
      aria-label={open ? t('action.collapse') : t('action.expand')}
      onClick={onToggle}
    >
      <ChevronDown aria-hidden className={cn('size-4 transition-transform', open && 'rotate-180')} />
    </Button>
  )
}

function Cards<Row>({ label, columns, rows, rowKey, detail }: View<Row>) {
  return (
    <ul aria-label={label} className="space-y-2.5">
      {rows.map((row) => (
        <CardRow key={rowKey(row)} row={row} columns={columns} detail={detail} />
      ))}
    </ul>
  )
}

function CardRow<Row>({ row, columns, detail }: GridRowProps<Row>) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const [first, ...rest] = columns
  return (
    <li className="rounded-lg border bg-surface p-3">
      <div className="flex items-center justify-between gap-2 font-medium">
        <div className="min-w-0">{first?.cell(row)}</div>
        {detail && <DetailToggle open={open} controls={id} onToggle={() => setOpen(!open)} />}
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2 text-sm">
        {rest.map((column) => (
          <div key={column.id} className={cn('min-w-0', column.wide && 'col-span-2')}>
            <dt className="text-xs text-muted">{column.header}</dt>
            <dd className={cn('min-w-0 break-words', column.align === 'right' && 'num whitespace-normal')}>
              {column.cell(row)}
            </dd>
          </div>
        ))}
      </dl>
      {detail && open && (
        <div id={id} className="mt-3 border-t pt-3">
          {detail(row)}
        </div>
      )}
    </li>
  )
}

function Pages({ page, perPage, total, onPage }: Paging) {
  const { t } = useTranslation()
  const pages = Math.max(1, Math.ceil(total / perPage))
  const from = Math.min(total, (page - 1) * perPage + 1)
  const to = Math.min(total, page * perPage)
  if (total === 0) return null
  return (
    <div className="mt-3 flex flex-wrap items-center justify-between gap-3 text-xs text-muted">
      <p className="num">{t('table.range', { from, to, total: formatInteger(total) })}</p>
      <div className="flex items-center gap-2">
        <span className="num">{t('table.page', { page, pages })}</span>
        <Button
          size="icon-sm"
          aria-label={t('table.previous')}
          disabled={page <= 1}
          onClick={() => onPage(page - 1)}
        >
          <ChevronLeft aria-hidden className="size-4" />
        </Button>
        <Button
          size="icon-sm"
          aria-label={t('table.next')}
          disabled={page >= pages}
          onClick={() => onPage(page + 1)}
        >
          <ChevronRight aria-hidden className="size-4" />
        </Button>
      </div>
    </div>
  )
}
