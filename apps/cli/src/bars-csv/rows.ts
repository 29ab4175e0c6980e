import type { Columns } from './columns.ts'
import { type DateFormat, parseDate } from './dates.ts'
import type { Row } from './lines.ts'
import { type DecimalSign, isMissing, parseNumber } from './numbers.ts'

/** Why a line made no bar. The server adds its own reasons for bars whose values cannot be true. */
export const ROW_REASONS = [
  'WRONG_COLUMN_COUNT',
  'BROKEN_QUOTES',
  'BAD_DATE',
  'DATE_OUT_OF_RANGE',
  'MISSING_VALUE',
  'BAD_NUMBER',
  'DUPLICATE_TIMESTAMP',
] as const
export type RowReason = (typeof ROW_REASONS)[number]

/** A line that is kept out, with everything a person needs to judge it. */
export interface RejectedRow {
  line: number
  reason: RowReason
  detail: string
  /** The line as it stands in the file. */
  text: string
}

/** A bar as read: prices and volume are plain decimal strings, not yet judged. */
export interface ParsedBar {
  line: number
  openedAtMs: number
  open: string
  high: string
  low: string
  close: string
  volume: string
}

export interface RowFormat {
  columns: Columns
  columnCount: number
  dateFormat: DateFormat
  decimalSign: DecimalSign
  zone: string
  /** Dates outside [earliest, latest] are typing errors. */
  earliestMs: number
  latestMs: number
}

export type RowResult = { bar: ParsedBar; isDay: boolean } | { rejected: RejectedRow }

/** One row as a bar, or as the first reason why not. */
export function parseRow(row: Row, format: RowFormat): RowResult {
  const reject = (reason: RowReason, detail: string): RowResult => ({
    rejected: { line: row.number, reason, detail, text: row.text },
  })
  const { cells } = row
  if (cells === null) return reject('BROKEN_QUOTES', 'a quote is not closed')
  if (!hasRightCount(cells, format.columnCount)) {
    return reject('WRONG_COLUMN_COUNT', `${cells.length} cells instead of ${format.columnCount}`)
  }
  const dateText = dateCell(cells, format.columns)
  const date = parseDate(dateText, format.dateFormat, format.zone)
  if (date === null)
    return reject('BAD_DATE', `${JSON.stringify(dateText)} is no date of the form ${format.dateFormat}`)
  if (date.ms < format.earliestMs || date.ms > format.latestMs) {
    return reject('DATE_OUT_OF_RANGE', `${new Date(date.ms).toISOString()} cannot be the time of a bar`)
  }
  const values = readValues(cells, format)
  if ('problem' in values) return reject(values.reason, values.problem)
  return { bar: { line: row.number, openedAtMs: date.ms, ...values }, isDay: date.isDay }
}

/** The text of a row's date: one cell, or a day and a time of day in two. */
export function dateCell(cells: readonly string[], columns: Columns): string {
  const day = cells[columns.date] ?? ''
  if (columns.time === null) return day
  const time = (cells[columns.time] ?? '').replace(
    /^(\d\d)(\d\d)(\d\d)?$/,
    (_all, h: string, m: string, s = '00') => `${h}:${m}:${s}`,
  )
  return `${day} ${time}`.trim()
}

/** A trailing separator makes an empty cell too many, which is no defect. */
function hasRightCount(cells: readonly string[], expected: number): boolean {
  return (
    cells.length === expected ||
    (cells.length > expected && cells.slice(expected).every((cell) => cell === ''))
  )
}

type Values = Pick<ParsedBar, 'open' | 'high' | 'low' | 'close' | 'volume'>

function readValues(
  cells: readonly string[],
  format: RowFormat,
): Values | { reason: RowReason; problem: string } {
  const { columns } = format
  const prices: Record<'open' | 'high' | 'low' | 'close', string | null> = {
    open: null,
    high: null,
    low: null,
    close: null,
  }
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    const index = columns[name]
    if (index === null) continue
    const cell = cells[index] ?? ''
    if (isMissing(cell)) return { reason: 'MISSING_VALUE', problem: `${name} is missing` }
    prices[name] = parseNumber(cell, format.decimalSign)
    if (prices[name] === null) return { reason: 'BAD_NUMBER', problem: `${name} is ${JSON.stringify(cell)}` }
  }
  const volume = readVolume(cells, format)
  if (volume === null)
    return { reason: 'BAD_NUMBER', problem: `volume is ${JSON.stringify(cells[columns.volume ?? 0])}` }
  return { ...completePrices(prices.close ?? '', prices), volume }
}

/** Files of indices and currencies often leave the volume out: no volume is 0. */
function readVolume(cells: readonly string[], format: RowFormat): string | null {
  const cell = format.columns.volume === null ? '' : (cells[format.columns.volume] ?? '')
  return isMissing(cell) ? '0' : parseNumber(cell, format.decimalSign)
}

/** A price that the file does not have follows from those it has: the open from the close, the range from both. */
function completePrices(
  close: string,
  given: { open: string | null; high: string | null; low: string | null },
): Omit<Values, 'volume'> {
  const open = given.open ?? close
  const [least, most] = Number(open) <= Number(close) ? [open, close] : [close, open]
  return { open, high: given.high ?? most, low: given.low ?? least, close }
}
