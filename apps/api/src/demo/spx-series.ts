import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Bar, Decimal } from '@quantdeck/domain'

const FIRST_ROW = '2015-02-19'
const LAST_ROW = '2020-02-19'
export const SPX_SOURCE = 'S&P 500 2015-2020, re-dated'

interface DailyRow {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

export interface SessionTimes {
  openAt: Date
  closeAt: Date
}

/** The 1,259 real daily rows 2015-02-19..2020-02-19, oldest first; null when the optional package is not installed. */
export function readSpxRows(): DailyRow[] | null {
  let path: string
  try {
    // The package exports only its entry; the data lies beside it.
    const entry = createRequire(import.meta.url).resolve('vega-datasets')
    path = join(dirname(entry), '..', 'data', 'sp500-2000.csv')
  } catch {
    return null
  }
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line.slice(0, 10) >= FIRST_ROW && line.slice(0, 10) <= LAST_ROW)
    .map(toRow)
}

function toRow(line: string): DailyRow {
  const [, open, high, low, close, , volume] = line.split(',')
  return {
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: Number(volume),
  }
}

/**
 * The bar of the n-th session of the demo. Within the data it is the row itself. After it the series goes on with the
 * rows from the start again, scaled to the last close, so that a deck that runs for weeks keeps a fresh market.
 */
export function spxBar(rows: readonly DailyRow[], index: number, session: SessionTimes): Bar {
  const lap = Math.floor(index / rows.length)
  const row = rows[index % rows.length]
  const first = rows[0]
  const last = rows.at(-1)
  if (!row || !first || !last) throw new Error('the S&P 500 rows are empty')
  const scale = (last.close / first.open) ** lap
  const price = (value: number) => new Decimal((value * scale).toFixed(2))
  return {
    symbol: 'SPX',
    intervalSeconds: 86_400,
    openedAt: session.openAt,
    closedAt: session.closeAt,
    open: price(row.open),
    high: price(row.high),
    low: price(row.low),
    close: price(row.close),
    volume: new Decimal(row.volume),
    source: lap === 0 ? SPX_SOURCE : `${SPX_SOURCE}, repeated and scaled`,
  }
}
