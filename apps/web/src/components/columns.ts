import { formatInteger, formatMinute } from '../lib/format.ts'
import type { Column } from './data-table.tsx'

/** A column of whole numbers. */
export function countColumn<Row>(id: string, header: string, value: (row: Row) => number): Column<Row> {
  return { id, header, align: 'right', sortValue: value, cell: (row) => formatInteger(value(row)) }
}

/** A column of instants, to the minute. */
export function minuteColumn<Row>(id: string, header: string, value: (row: Row) => string): Column<Row> {
  return { id, header, align: 'right', sortValue: value, cell: (row) => formatMinute(value(row)) }
}
