import { inferDateFormat, parseDate } from './dates.ts'
import type { Row } from './lines.ts'
import { isMissing, parseNumber } from './numbers.ts'

/** The file's column names and the rows after them. */
export interface Table {
  header: string[]
  rows: Row[]
}

const HEADERLESS: Record<number, string[]> = {
  2: ['date', 'close'],
  5: ['date', 'open', 'high', 'low', 'close'],
  6: ['date', 'open', 'high', 'low', 'close', 'volume'],
  7: ['date', 'time', 'open', 'high', 'low', 'close', 'volume'],
  // Binance's klines: closing time, quote volume, trades and taker volumes follow.
  12: ['date', 'open', 'high', 'low', 'close', 'volume', '6', '7', '8', '9', '10', '11'],
}

/**
 * Reads the names from the first line. A first line that is already data (MetaTrader's files) gets the usual order;
 * yfinance's three-line header is folded into one.
 */
export function readTable(rows: readonly Row[]): Table {
  const first = cellsOf(rows[0])
  const names = HEADERLESS[first.length]
  if (names !== undefined && looksLikeData(first)) return { header: names, rows: [...rows] }
  const third = cellsOf(rows[2])
  if (first[0] === 'Price' && cellsOf(rows[1])[0] === 'Ticker' && /^date/i.test(third[0] ?? '')) {
    return { header: ['Date', ...first.slice(1)], rows: rows.slice(3) }
  }
  return { header: first, rows: rows.slice(1) }
}

function cellsOf(row: Row | undefined): string[] {
  return row?.cells ?? []
}

function looksLikeData(cells: readonly string[]): boolean {
  const [date = '', ...rest] = cells
  const verdict = inferDateFormat([date])
  const format = 'format' in verdict ? verdict.format : 'DD/MM/YYYY'
  const isNumber = (cell: string) => isMissing(cell) || parseNumber(cell, 'point') !== null
  return (
    parseDate(date, format, 'UTC') !== null && rest.every((cell) => isNumber(cell) || /^\d\d:\d\d/.test(cell))
  )
}
