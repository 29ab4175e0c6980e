import { ColumnError, type Columns, findColumns } from './columns.ts'
import { type DateFormat, inferDateFormat } from './dates.ts'
import { readTable } from './header.ts'
import { inferInterval } from './interval.ts'
import { inferSeparator, readLines, type Row, type Separator, splitRows } from './lines.ts'
import { type DecimalSign, inferDecimalSign } from './numbers.ts'
import { dateCell, type ParsedBar, parseRow, type RejectedRow, type RowFormat } from './rows.ts'

export interface ParseOptions {
  symbol: string
  /** Seconds; inferred from the rows when absent. */
  intervalSeconds?: number | undefined
  dateFormat?: DateFormat | undefined
  decimalSign?: DecimalSign | undefined
  /** Zone of dates and times that name none. */
  zone: string
  priceColumn?: string | undefined
  /** Bars after this instant are typing errors. */
  nowMs: number
}

export interface ParsedFile {
  /** Ascending in time, each instant once. */
  bars: ParsedBar[]
  /** Ascending by line. */
  rejected: RejectedRow[]
  /** Lines of data, header excluded: bars + rejected. */
  rowCount: number
  intervalSeconds: number
  format: { separator: Separator; dateFormat: DateFormat; decimalSign: DecimalSign; columns: string[] }
}

/** A file as a whole that cannot be read, said in one sentence with the option that would help. */
export class BarsFileError extends Error {}

const EARLIEST_MS = Date.UTC(1900, 0, 1)
const DAY_MS = 86_400_000

/**
 * Reads a CSV file of prices. Every line of data ends either as a bar or as a rejected row: nothing is lost.
 * @throws {BarsFileError} when the file as a whole cannot be understood
 */
export function parseBarsCsv(text: string, options: ParseOptions): ParsedFile {
  if (text.includes('\0')) throw new BarsFileError('this is no text file: export it as CSV')
  const all = readLines(text)
  if (all[0] === undefined) throw new BarsFileError('the file is empty')
  const separator = inferSeparator(all[0].text)
  const { header, rows } = readTable(splitRows(all, separator))
  if (rows.length === 0) throw new BarsFileError('the file has a header and no row')
  const format = detectFormat(header, rows, separator, options)
  const { bars, rejected } = readRows(rows, format)
  const intervalSeconds = options.intervalSeconds ?? inferInterval(bars.map((bar) => bar.openedAtMs))
  if (bars.length > 0 && intervalSeconds === null) {
    throw new BarsFileError('one row does not tell the interval: give --interval, such as 1d or 5m')
  }
  return {
    bars,
    rejected,
    rowCount: rows.length,
    intervalSeconds: intervalSeconds ?? DAY_MS / 1000,
    format: { separator, dateFormat: format.dateFormat, decimalSign: format.decimalSign, columns: header },
  }
}

function detectFormat(
  header: readonly string[],
  rows: readonly Row[],
  separator: Separator,
  options: ParseOptions,
): RowFormat {
  const columns = columnsOf(header, options)
  const complete = rows.flatMap((row) =>
    row.cells !== null && row.cells.length >= header.length ? [row.cells] : [],
  )
  return {
    columns,
    columnCount: header.length,
    dateFormat: options.dateFormat ?? dateFormatOf(complete.map((cells) => dateCell(cells, columns))),
    decimalSign: options.decimalSign ?? decimalSignOf(complete, columns, separator),
    zone: options.zone,
    earliestMs: EARLIEST_MS,
    latestMs: options.nowMs + DAY_MS,
  }
}

function columnsOf(header: readonly string[], options: ParseOptions): Columns {
  try {
    return findColumns(header, options)
  } catch (error) {
    if (error instanceof ColumnError) throw new BarsFileError(error.message, { cause: error })
    throw error
  }
}

function dateFormatOf(cells: readonly string[]): DateFormat {
  const verdict = inferDateFormat(cells)
  if ('format' in verdict) return verdict.format
  throw new BarsFileError(`${verdict.problem}: give --date-format DD/MM/YYYY or MM/DD/YYYY`)
}

function decimalSignOf(rows: readonly string[][], columns: Columns, separator: Separator): DecimalSign {
  const { open, high, low, close, volume } = columns
  const indices = [open, high, low, close, volume].filter((index) => index !== null)
  const cells = rows.flatMap((row) => indices.map((index) => row[index] ?? ''))
  const sign = inferDecimalSign(cells, separator === ',')
  if (sign !== null) return sign
  throw new BarsFileError(
    '1,234 can be a thousand or a fraction in this file: give --decimal comma or --decimal point',
  )
}

function readRows(rows: readonly Row[], format: RowFormat): { bars: ParsedBar[]; rejected: RejectedRow[] } {
  const byInstant = new Map<number, ParsedBar>()
  const rejected: RejectedRow[] = []
  for (const row of rows) {
    const result = parseRow(row, format)
    if ('rejected' in result) {
      rejected.push(result.rejected)
      continue
    }
    const first = byInstant.get(result.bar.openedAtMs)
    if (first === undefined) byInstant.set(result.bar.openedAtMs, result.bar)
    else rejected.push(duplicateOf(first, row))
  }
  const bars = [...byInstant.values()].sort((a, b) => a.openedAtMs - b.openedAtMs)
  return { bars, rejected: rejected.sort((a, b) => a.line - b.line) }
}

function duplicateOf(first: ParsedBar, row: Row): RejectedRow {
  return {
    line: row.number,
    reason: 'DUPLICATE_TIMESTAMP',
    detail: `line ${first.line} already has ${new Date(first.openedAtMs).toISOString()}`,
    text: row.text,
  }
}
