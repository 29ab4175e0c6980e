import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '../../lib/cn.ts'
import { parseSort, pressSort } from './sorting.ts'
import type { Column } from './types.ts'

export const HEAD =
  'sticky top-0 z-10 border-b bg-surface px-2.5 py-2 text-left text-xs font-medium text-muted whitespace-nowrap'

interface HeaderCellProps<Row> {
  column: Column<Row>
  sort: string | undefined
  onSort: (sort: string | undefined) => void
  className?: string | undefined
}

export function HeaderCell<Row>({ column, sort, onSort, className }: HeaderCellProps<Row>) {
  const { t } = useTranslation()
  const keys = parseSort(sort)
  const place = keys.findIndex(({ id }) => id === column.id)
  const key = keys[place]
  const right = column.align === 'right'
  const frame = cn(HEAD, right && 'text-right', className)
  if (!column.sortValue) {
    return (
      <th scope="col" className={frame}>
        {column.header}
      </th>
    )
  }
  const Icon = key === undefined ? ChevronsUpDown : key.descending ? ArrowDown : ArrowUp
  // One column at a time is said to be sorted: the one that counts first.
  const direction = key === undefined || place > 0 ? 'none' : key.descending ? 'descending' : 'ascending'
  return (
    <th scope="col" aria-sort={direction} className={frame}>
      <button
        type="button"
        title={t('table.sort', { column: column.header })}
        onClick={(event) => onSort(pressSort(sort, column.id, event.shiftKey))}
        className={cn(
          'group/sort relative inline-flex h-6 items-center rounded hover:text-ink',
          key && 'text-ink',
        )}
      >
        {column.header}
        {keys.length > 1 && key && <sup className="num ml-0.5 text-[0.625rem]">{place + 1}</sup>}
        <Icon
          aria-hidden
          className={cn(
            'absolute size-3',
            right ? '-left-3.5' : '-right-3.5',
            !key && 'opacity-0 group-hover/sort:opacity-100 group-focus-visible/sort:opacity-100',
          )}
        />
      </button>
    </th>
  )
}
