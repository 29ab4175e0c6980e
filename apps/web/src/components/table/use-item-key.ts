import { useCallback } from 'react'

/** The same function while the rows are the same: with another one the virtual list measures all of its rows anew. */
export function useItemKey<Row>(rows: readonly Row[], rowKey: (row: Row) => string) {
  return useCallback(
    (index: number) => {
      const row = rows[index]
      return row === undefined ? index : rowKey(row)
    },
    [rows, rowKey],
  )
}
