import type { ReactNode } from 'react'

export interface Column<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** Without it the column cannot be sorted. */
  sortValue?: (row: Row) => number | string | null
  align?: 'right'
  /** Takes a whole line of the card on a narrow screen. */
  wide?: boolean
  className?: string
}

export interface Paging {
  page: number
  perPage: number
  total: number
  onPage: (page: number) => void
}

/** What the key `x` does to a row. */
export interface Selection<Row> {
  isSelected: (row: Row) => boolean
  mayToggle: (row: Row) => boolean
  onToggle: (row: Row) => void
}

/** How the rows are shown, whether as a grid or as cards. */
export interface View<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  sort: string | undefined
  onSort: (sort: string | undefined) => void
  detail: ((row: Row) => ReactNode) | undefined
  onOpen: ((row: Row) => void) | undefined
  selection: Selection<Row> | undefined
  paging: Paging | undefined
  /** Answers to keys though nothing in it has the focus. */
  isMain: boolean
  isCompact: boolean
}

/** More rows than this are drawn only where they are looked at. */
export const VIRTUAL_FROM = 100
