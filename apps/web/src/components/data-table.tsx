import { useState, type ReactNode } from 'react'
import { cn } from '../lib/cn.ts'
import { useNarrow } from '../lib/use-media.ts'
import { Cards } from './table/cards.tsx'
import { Grid } from './table/grid.tsx'
import { arrange, useTableLayout } from './table/layout.ts'
import { Pages } from './table/pages.tsx'
import { sortRows } from './table/sorting.ts'
import { Toolbar, type LoadCsv } from './table/toolbar.tsx'
import type { Column, Paging, Selection } from './table/types.ts'

export { pagingOf } from './table/paging.ts'
export type { Column, Paging, Selection } from './table/types.ts'

interface DataTableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** With it the reader chooses columns, their order and the density, kept under this name; and keys reach it first. */
  name?: string
  /** Column ids with a leading minus for descending, by commas: what the URL holds. */
  sort?: string | undefined
  onSort?: (sort: string | undefined) => void
  paging?: Paging
  /** What a row shows when it is opened. */
  detail?: (row: Row) => ReactNode
  /** What `Enter` does on a row that has a page of its own. */
  onOpen?: (row: Row) => void
  selection?: Selection<Row>
  csv?: LoadCsv
  /** Left of the table's own buttons: totals, filters. */
  above?: ReactNode
  className?: string
}

/** The one table: sorted, paged, arranged and read by keys; under 640 px each row is a card. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, columns, paging } = props
  const isNarrow = useNarrow()
  const [ownSort, setOwnSort] = useState<string | undefined>()
  const { layout, isCompact } = useTableLayout(name)
  const sort = props.onSort ? props.sort : (ownSort ?? props.sort)
  const onSort = props.onSort ?? setOwnSort
  const view = {
    label: props.label,
    rowKey: props.rowKey,
    columns: arrange(columns, layout.order).filter(
      ({ id }, index) => index === 0 || !layout.hidden.includes(id),
    ),
    rows: sortRows(props.rows, columns, sort),
    sort,
    onSort,
    detail: props.detail,
    onOpen: props.onOpen,
    selection: props.selection,
    paging,
    isMain: name !== undefined,
    isCompact: isCompact && name !== undefined,
  }
  return (
    <div className={cn('min-w-0', props.className)}>
      {name === undefined ? (
        props.above
      ) : (
        <Toolbar
          name={name}
          columns={columns}
          csv={props.csv}
          above={props.above}
          isNarrow={isNarrow}
          sort={sort}
          onSort={onSort}
        />
      )}
      {isNarrow ? <Cards {...view} /> : <Grid {...view} />}
      {paging && <Pages {...paging} />}
    </div>
  )
}
