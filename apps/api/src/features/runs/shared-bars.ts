import type { BarColumns } from '@quantdeck/backtest'
import type * as db from '@quantdeck/db'

const COLUMNS = ['t', 'closeT', 'open', 'high', 'low', 'close', 'volume'] as const

/**
 * Bars of one symbol in memory that both threads see: handing them over costs nothing, whatever their number. The buffer
 * has room for `capacity` bars in each column; those that count are `length` from `first` on.
 */
export interface SharedBars {
  buffer: SharedArrayBuffer
  capacity: number
  first: number
  length: number
}

/** Columns in one block of shared memory, for bars to be loaded into. */
export function allocateShared(capacity: number): db.BarColumns {
  const buffer = new SharedArrayBuffer(COLUMNS.length * capacity * Float64Array.BYTES_PER_ELEMENT)
  const { t, closeT, ...prices } = viewBars({ buffer, capacity, first: 0, length: capacity })
  return { length: capacity, openedAtMs: t, closedAtMs: closeT ?? t, ...prices }
}

/** Bars that were loaded into {@link allocateShared} columns, or a part of them. */
export function sharedBarsOf(bars: db.BarColumns): SharedBars {
  const { buffer, byteOffset } = bars.openedAtMs
  if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError('the bars are not in shared memory')
  return {
    buffer,
    capacity: buffer.byteLength / COLUMNS.length / Float64Array.BYTES_PER_ELEMENT,
    first: byteOffset / Float64Array.BYTES_PER_ELEMENT,
    length: bars.length,
  }
}

/** The columns as views of the shared memory. */
export function viewBars({ buffer, capacity, first, length }: SharedBars): BarColumns {
  const column = (name: (typeof COLUMNS)[number]): Float64Array => {
    const start = COLUMNS.indexOf(name) * capacity + first
    return new Float64Array(buffer, start * Float64Array.BYTES_PER_ELEMENT, length)
  }
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
