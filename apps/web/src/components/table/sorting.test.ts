import { describe, expect, it } from 'vitest'
import { parseSort, pressSort, sortRows } from './sorting.ts'

const columns = [
  { id: 'symbol', header: 'Symbol', cell: () => null, sortValue: (row: Row) => row.symbol },
  { id: 'pnl', header: 'P&L', cell: () => null, sortValue: (row: Row) => row.pnl },
  { id: 'note', header: 'Note', cell: () => null },
]
interface Row {
  symbol: string
  pnl: number | null
}
const rows: Row[] = [
  { symbol: 'B', pnl: 2 },
  { symbol: 'A', pnl: 2 },
  { symbol: 'A', pnl: -10 },
  { symbol: 'C', pnl: null },
]

describe('sorting', () => {
  it('goes by each column in its turn, with what is undefined as the least', () => {
    expect(sortRows(rows, columns, '-pnl,symbol')).toEqual([rows[1], rows[0], rows[2], rows[3]])
    expect(sortRows(rows, columns, 'symbol,-pnl').map((row) => row.pnl)).toEqual([2, -10, 2, null])
  })

  it('leaves the order of the server where it is asked for nothing that it knows', () => {
    expect(sortRows(rows, columns, undefined)).toBe(rows)
    expect(sortRows(rows, columns, '-note,<script>')).toBe(rows)
    expect(parseSort('-a,,b c,d')).toEqual([
      { id: 'a', descending: true },
      { id: 'd', descending: false },
    ])
  })

  it('turns from largest first to smallest first to none', () => {
    expect(pressSort(undefined, 'pnl', false)).toBe('-pnl')
    expect(pressSort('-pnl', 'pnl', false)).toBe('pnl')
    expect(pressSort('pnl', 'pnl', false)).toBeUndefined()
    expect(pressSort('-pnl,symbol', 'note', false)).toBe('-note')
  })

  it('adds a column with Shift, and turns or takes away that one alone', () => {
    expect(pressSort('-pnl', 'symbol', true)).toBe('-pnl,-symbol')
    expect(pressSort('-pnl,-symbol', 'symbol', true)).toBe('-pnl,symbol')
    expect(pressSort('-pnl,symbol', 'symbol', true)).toBe('-pnl')
    expect(pressSort('-pnl,symbol', 'pnl', true)).toBe('pnl,symbol')
  })
})
