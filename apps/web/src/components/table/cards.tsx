import { useVirtualizer } from '@tanstack/react-virtual'
import { useId, useRef, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import { DetailToggle } from './detail-toggle.tsx'
import { type Column, VIRTUAL_FROM, type View } from './types.ts'
import { useItemKey } from './use-item-key.ts'

const CARD_HEIGHT = 150

/** The same rows on a narrow screen: a card each. */
export function Cards<Row>(view: View<Row>) {
  const { label, rows, rowKey } = view
  const frame = useRef<HTMLUListElement>(null)
  const isVirtual = rows.length > VIRTUAL_FROM
  const virtual = useVirtualizer<HTMLUListElement, HTMLLIElement>({
    count: isVirtual ? rows.length : 0,
    getScrollElement: () => frame.current,
    estimateSize: () => CARD_HEIGHT,
    getItemKey: useItemKey(rows, rowKey),
    overscan: 4,
  })
  if (!isVirtual) {
    return (
      <ul aria-label={label} className="space-y-2.5">
        {rows.map((row) => (
          <li key={rowKey(row)}>
            <RowCard view={view} row={row} />
          </li>
        ))}
      </ul>
    )
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ul
      ref={frame}
      aria-label={label}
      tabIndex={0}
      className="scroll-thin relative max-h-[70vh] overflow-y-auto"
    >
      <li aria-hidden style={{ height: virtual.getTotalSize() }} />
      {virtual.getVirtualItems().map(({ index, start, key }) => {
        const row = rows[index]
        return (
          row !== undefined && (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 pb-2.5"
              style={{ transform: `translateY(${start}px)` }}
            >
              <RowCard view={view} row={row} />
            </li>
          )
        )
      })}
    </ul>
  )
}

function RowCard<Row>({ view: { columns, detail }, row }: { view: View<Row>; row: Row }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const [first, ...rest] = columns
  return (
    <div className="rounded-lg border bg-surface p-3">
      <div className="flex items-center justify-between gap-2 font-medium">
        <div className="min-w-0">{first?.cell(row)}</div>
        {detail && <DetailToggle open={open} controls={id} onToggle={() => setOpen(!open)} />}
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2 text-sm">
        {rest.map((column) => (
          <Part key={column.id} column={column} row={row} />
        ))}
      </dl>
      {detail && open && (
        <div id={id} className="mt-3 border-t pt-3">
          {detail(row)}
        </div>
      )}
    </div>
  )
}

/** A column and its value; nothing where the row has none. */
function Part<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const value = column.cell(row)
  if (value === null || value === false) return null
  return (
    <div className={cn('min-w-0', column.wide && 'col-span-2')}>
      <dt className="text-xs text-muted">{column.header}</dt>
      <dd
        className={cn(
          'min-w-0 break-words [&_.num]:whitespace-normal',
          column.align === 'right' && 'num whitespace-normal',
        )}
      >
        {value}
      </dd>
    </div>
  )
}
