import { describe, expect, it, vi } from 'vitest'

vi.mock('../../lib/session.ts', () => ({ useUser: () => null }))
const { arrange, move } = await import('./layout.ts')

const columns = ['symbol', 'side', 'pnl', 'value'].map((id) => ({ id }))
const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id)

describe('a layout of columns', () => {
  it('keeps the column that names the row, and puts new columns behind those it knows', () => {
    expect(ids(arrange(columns, ['pnl', 'side', 'symbol']))).toEqual(['symbol', 'pnl', 'side', 'value'])
    expect(arrange(columns, [])).toBe(columns)
    expect(ids(arrange(columns, ['gone', 'value']))).toEqual(['symbol', 'value', 'side', 'pnl'])
  })

  it('moves a column by one place, never over the first and never out of the table', () => {
    expect(move(ids(columns), 'value', -1)).toEqual(['symbol', 'side', 'value', 'pnl'])
    expect(move(ids(columns), 'side', 1)).toEqual(['symbol', 'pnl', 'side', 'value'])
    for (const [id, by] of [
      ['side', -1],
      ['value', 1],
      ['symbol', 1],
      ['gone', 1],
    ] as const) {
      expect(move(ids(columns), id, by)).toEqual(ids(columns))
    }
  })
})
