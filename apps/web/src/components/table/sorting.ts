import type { Column } from './types.ts'

export interface SortKey {
  id: string
  descending: boolean
}

/** `-pnl,symbol`: what the URL holds. */
export function parseSort(sort: string | undefined): SortKey[] {
  if (sort === undefined) return []
  return sort
    .split(',')
    .filter((part) => /^-?\w+$/.test(part))
    .map((part) => ({ id: part.replace(/^-/, ''), descending: part.startsWith('-') }))
}

function writeSort(keys: readonly SortKey[]): string | undefined {
  if (keys.length === 0) return undefined
  return keys.map(({ id, descending }) => `${descending ? '-' : ''}${id}`).join(',')
}

/**
 * A press on a header: largest first, then smallest first, then the server's order again.
 * @param keepOthers the column joins those already sorted by, in its turn
 */
export function pressSort(sort: string | undefined, id: string, keepOthers: boolean): string | undefined {
  const keys = parseSort(sort)
  const own = keys.find((key) => key.id === id)
  const next =
    own === undefined ? { id, descending: true } : own.descending ? { id, descending: false } : null
  if (!keepOthers) return writeSort(next === null ? [] : [next])
  if (own === undefined && next !== null) return writeSort([...keys, next])
  return writeSort(keys.flatMap((key) => (key.id !== id ? [key] : next === null ? [] : [next])))
}

/** By the first key, rows equal in it by the second, and so on; what is equal in all stays in its order. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: string | undefined,
): readonly Row[] {
  const orders = parseSort(sort).flatMap(({ id, descending }) => {
    const value = columns.find((column) => column.id === id)?.sortValue
    return value === undefined ? [] : [{ value, sign: descending ? -1 : 1 }]
  })
  if (orders.length === 0) return rows
  return rows.toSorted((a, b) => {
    for (const { value, sign } of orders) {
      const order = compare(value(a), value(b)) * sign
      if (order !== 0) return order
    }
    return 0
  })
}

function compare(a: number | string | null, b: number | string | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  if (typeof a === 'string' || typeof b === 'string') return String(a).localeCompare(String(b))
  return a - b
}
