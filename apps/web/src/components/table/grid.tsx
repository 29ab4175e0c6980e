import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useId, useLayoutEffect, useRef, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '../../lib/cn.ts'
import { DetailToggle } from './detail-toggle.tsx'
import { HEAD, HeaderCell } from './header-cell.tsx'
import { VIRTUAL_FROM, type View } from './types.ts'
import { useItemKey } from './use-item-key.ts'
import { useRowKeys } from './use-row-keys.ts'

/** More rows than this scroll under a sticky header; a page of a list is shown whole. */
const LONG_TABLE = 25
const ROW_HEIGHT = { comfortable: 37, compact: 29 } as const

/** A table; above a hundred rows only those in sight are in the document. */
export function Grid<Row>(view: View<Row>) {
  const { label, columns, rows, rowKey, sort, onSort, detail, paging, isMain, isCompact } = view
  const { t } = useTranslation()
  const frame = useRef<HTMLElement>(null)
  const isVirtual = rows.length > VIRTUAL_FROM
  const height = useRef<number>(ROW_HEIGHT[isCompact ? 'compact' : 'comfortable'])
  const virtual = useVirtualizer<HTMLElement, HTMLTableSectionElement>({
    count: isVirtual ? rows.length : 0,
    getScrollElement: () => frame.current,
    estimateSize: () => height.current,
    getItemKey: useItemKey(rows, rowKey),
    // Enough for a turn of the wheel; a fast scroll draws them all anew with every frame.
    overscan: 4,
    scrollPaddingStart: ROW_HEIGHT.comfortable,
  })
  const keys = useRowKeys({ view, frame, reveal: (index) => isVirtual && virtual.scrollToIndex(index) })
  const items = virtual.getVirtualItems()
  const hasRows = items.length > 0
  // What a row is really high: a wrong guess moves all that lie below, anew with each row that comes into sight.
  useLayoutEffect(() => {
    const first = frame.current?.querySelector<HTMLElement>('tbody[data-index]')
    if (!hasRows || !first || first.offsetHeight === height.current) return
    height.current = first.offsetHeight
    virtual.measure()
  }, [hasRows, isCompact, virtual])
  const drawn = isVirtual ? items.map(({ index }) => index) : rows.map((_, index) => index)
  const above = isVirtual ? (items[0]?.start ?? 0) : 0
  const below = isVirtual ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0
  const skipped = paging === undefined ? 0 : (paging.page - 1) * paging.perPage
  const isCounted = isVirtual || paging !== undefined
  const width = columns.length + (detail ? 1 : 0)
  return (
    // A wide table scrolls inside its own frame; the page never scrolls sideways.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={frame}
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      data-table={isMain || undefined}
      onKeyDown={keys.onKeyDown}
      className={cn(
        'scroll-thin relative overflow-auto rounded-lg',
        rows.length > LONG_TABLE && 'max-h-[70vh]',
      )}
    >
      <table
        aria-rowcount={isCounted ? (paging?.total ?? rows.length) + 1 : undefined}
        className="w-full border-separate border-spacing-0 text-sm"
      >
        <thead>
          <tr aria-rowindex={isCounted ? 1 : undefined}>
            {columns.map((column, index) => (
              <HeaderCell
                key={column.id}
                column={column}
                sort={sort}
                onSort={onSort}
                className={index === 0 ? 'left-0 z-20' : undefined}
              />
            ))}
            {detail && (
              <th scope="col" className={cn(HEAD, 'w-10')}>
                <span className="sr-only">{t('table.actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <Gap height={above} width={width} />
        {drawn.map((index) => {
          const row = rows[index]
          if (row === undefined) return null
          const key = rowKey(row)
          return (
            <GridRow
              key={key}
              view={view}
              row={row}
              index={index}
              measure={isVirtual ? virtual.measureElement : undefined}
              rowIndex={isCounted ? skipped + index + 2 : undefined}
              isLast={index === rows.length - 1}
              isActive={keys.active === index}
              takesFocus={keys.takesFocus}
              isOpen={keys.opened.has(key)}
              onToggle={keys.toggle}
              onFocus={keys.setActive}
            />
          )
        })}
        <Gap height={below} width={width} />
      </table>
    </section>
  )
}

/** In place of the rows that are out of sight. */
function Gap({ height, width }: { height: number; width: number }) {
  if (height <= 0) return null
  return (
    <tbody aria-hidden>
      <tr>
        <td colSpan={width} style={{ height, padding: 0 }} />
      </tr>
    </tbody>
  )
}

interface GridRowProps<Row> {
  view: View<Row>
  row: Row
  index: number
  measure: ((element: HTMLTableSectionElement | null) => void) | undefined
  rowIndex: number | undefined
  isLast: boolean
  isActive: boolean
  takesFocus: RefObject<boolean>
  isOpen: boolean
  onToggle: (key: string) => void
  onFocus: (index: number) => void
}

/** A row and what it shows when it is opened: measured together, so a body of its own. */
function PlainRow<Row>({
  view,
  row,
  index,
  measure,
  isLast,
  isActive,
  takesFocus,
  ...rest
}: GridRowProps<Row>) {
  const { columns, detail, selection, isCompact } = view
  const id = useId()
  const line = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (!isActive || !takesFocus.current) return
    takesFocus.current = false
    line.current?.focus()
  }, [isActive, takesFocus])
  const edge = isLast ? '' : 'border-b'
  const pad = isCompact ? 'py-1' : 'py-2'
  return (
    <tbody ref={measure} data-index={index}>
      <tr
        ref={line}
        tabIndex={-1}
        aria-rowindex={rest.rowIndex}
        aria-selected={selection?.isSelected(row)}
        onFocus={() => rest.onFocus(index)}
        className="bg-surface -outline-offset-2 hover:bg-raised aria-selected:bg-accent-soft"
      >
        {columns.map((column, place) => (
          <td
            key={column.id}
            className={cn(
              'px-2.5 align-middle',
              pad,
              edge,
              place === 0 && 'sticky left-0 z-[5] bg-inherit',
              column.align === 'right' && 'num text-right',
              column.className,
            )}
          >
            {column.cell(row)}
          </td>
        ))}
        {detail && (
          <td className={cn('px-1 py-1 text-right', edge)}>
            <DetailToggle open={rest.isOpen} controls={id} onToggle={() => rest.onToggle(view.rowKey(row))} />
          </td>
        )}
      </tr>
      {detail && rest.isOpen && (
        <tr id={id}>
          <td colSpan={columns.length + 1} className="border-b bg-raised/50 p-4">
            {detail(row)}
          </td>
        </tr>
      )}
    </tbody>
  )
}

/** With a step of the scroll the rows that stay in sight are left as they are. */
const GridRow = memo(PlainRow) as typeof PlainRow
