import { useSyncExternalStore } from 'react'
import { useUser } from '../../lib/session.ts'

/** Which columns one sees of a table, and in which order. */
export interface TableLayout {
  order: readonly string[]
  hidden: readonly string[]
}

interface Layouts {
  isCompact: boolean
  tables: Readonly<Record<string, TableLayout>>
}

const NOTHING: Layouts = { isCompact: false, tables: {} }
const PLAIN: TableLayout = { order: [], hidden: [] }

const listeners = new Set<() => void>()
const known = new Map<string, Layouts>()

const keyOf = (userId: string) => `quantdeck.tables.${userId}`

function layoutsOf(userId: string): Layouts {
  let layouts = known.get(userId)
  if (layouts === undefined) {
    layouts = read(userId)
    known.set(userId, layouts)
  }
  return layouts
}

function read(userId: string): Layouts {
  try {
    return { ...NOTHING, ...(JSON.parse(localStorage.getItem(keyOf(userId)) ?? '{}') as Partial<Layouts>) }
  } catch {
    return NOTHING
  }
}

function save(userId: string, layouts: Layouts): void {
  known.set(userId, layouts)
  try {
    localStorage.setItem(keyOf(userId), JSON.stringify(layouts))
  } catch {
    // Storage is off or full: the choice holds until the page is closed.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The reader's own layout of a table; a table without a name has none. */
export function useTableLayout(name: string | undefined) {
  const userId = useUser()?.userId ?? 'nobody'
  const layouts = useSyncExternalStore(subscribe, () => layoutsOf(userId))
  const layout = (name === undefined ? undefined : layouts.tables[name]) ?? PLAIN
  return {
    layout,
    isCompact: layouts.isCompact,
    setCompact: (isCompact: boolean) => save(userId, { ...layoutsOf(userId), isCompact }),
    setLayout: (next: TableLayout) => {
      if (name === undefined) return
      const current = layoutsOf(userId)
      save(userId, { ...current, tables: { ...current.tables, [name]: next } })
    },
  }
}

/** The first column names the row: it stays where it is. Columns that the layout does not know keep their place at the end. */
export function arrange<Item extends { id: string }>(
  columns: readonly Item[],
  order: readonly string[],
): readonly Item[] {
  const [first, ...rest] = columns
  if (first === undefined || order.length === 0) return columns
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length)
  return [first, ...rest.toSorted((a, b) => place(a.id) - place(b.id))]
}

/** The same columns with one of them a place nearer to the beginning (-1) or to the end (1). */
export function move(ids: readonly string[], id: string, by: -1 | 1): readonly string[] {
  const from = ids.indexOf(id)
  const to = from + by
  // The first one names the row.
  if (from < 1 || to < 1 || to >= ids.length) return ids
  return ids.toSpliced(from, 1).toSpliced(to, 0, id)
}
