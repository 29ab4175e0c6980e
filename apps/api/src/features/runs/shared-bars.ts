import type { BarColumns } from '@quantdeck/backtest'
import type * as db from '@quantdeck/db'

const COLUMNS = ['t', 'closeT', 'open', 'high', 'low', 'close', 'volume'] as const

/** Bars of one symbol in memory that both threads see: handing them over costs nothing, whatever their number. */
export interface SharedBars {
  buffer: SharedArrayBuffer
  length: number
}

/** Copies loaded columns into shared memory, one column after the other. */
export function shareBars(bars: db.BarColumns): SharedBars {
  const { length } = bars
  const buffer = new SharedArrayBuffer(COLUMNS.length * length * Float64Array.BYTES_PER_ELEMENT)
  const sources = {
    t: bars.openedAtMs,
    closeT: bars.closedAtMs,
    open: bars.open,
    high: bars.high,
    low: bars.low,
    close: bars.close,
    volume: bars.volume,
  }
  COLUMNS.forEach((name, i) => columnOf(buffer, length, i).set(sources[name]))
  return { buffer, length }
}

function columnOf(buffer: SharedArrayBuffer, length: number, index: number): Float64Array {
  return new Float64Array(buffer, index * length * Float64Array.BYTES_PER_ELEMENT, length)
}

/** The columns as views of the shared memory. */
export function viewBars({ buffer, length }: SharedBars): BarColumns {
  const column = (name: (typeof COLUMNS)[number]): Float64Array =>
    columnOf(buffer, length, COLUMNS.indexOf(name))
  return {
    t: column('t'),
    closeT: column('closeT'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  }
}
