import { formatDate, formatDateTime } from '../../lib/format.ts'

/** A point's day, or its moment where a curve is finer than days. */
export function formatPointDate(date: string): string {
  return date.length === 10 ? formatDate(date) : formatDateTime(date)
}
