import { type RawBuilder, sql, type SelectQueryBuilder } from 'kysely'
import type { Tables } from '../schema/database.ts'

/** The place of a row in a list: its time (null in lists that are ordered by the number alone) and its number. */
export interface PageKey {
  at: Date | null
  seq: number
}

/** What a page was read from, for whoever reads the next one. */
export interface PageSeen {
  /** The newest row that matched; `upToSeq` itself where that was given. */
  upToSeq: number
  /** The last row of the page; null for an empty one. */
  last: PageKey | null
}

/**
 * A page of a list, recent first. `limit` and `offset` alone read the list as it is now: a row that is inserted between
 * two pages moves all others by one. With `upToSeq` and `after` nothing that comes or goes moves them.
 */
export interface Page {
  limit: number
  /** From the beginning of the list, or from behind `after`. */
  offset: number
  /** Rows that were inserted after this one are not in the list, whatever their time. */
  upToSeq?: number
  /** The list begins behind this place. */
  after?: PageKey
  onSeen?: (seen: PageSeen) => void
}

/** Columns that order a list before the number of the row does. */
type TimeColumn = 'createdAt' | 'submittedAt' | 'signalAt'
type Listed = { seq: number } & { [column in TimeColumn]?: Date }

interface Counted {
  count: number
  newest: number
}

/**
 * One page of the rows that match, recent first, with the count over all pages.
 * @param select the columns to read
 * @param time column that orders the rows before their number does; null: the number alone
 */
export async function readPage<Table extends keyof Tables, Nothing, Row extends Listed>(
  matching: SelectQueryBuilder<Tables, Table, Nothing>,
  select: (query: SelectQueryBuilder<Tables, Table, Nothing>) => SelectQueryBuilder<Tables, Table, Row>,
  time: TimeColumn | null,
  page: Page,
): Promise<{ rows: Row[]; totalCount: number }> {
  const { count, newest }: Counted = await withinAnchor(matching, page.upToSeq)
    .select([sql<number>`count(*)`.as('count'), sql<number>`coalesce(max(seq), 0)`.as('newest')])
    .executeTakeFirstOrThrow()
  const upToSeq = page.upToSeq ?? newest
  const rows = await readRows(matching, select, time, { ...page, upToSeq })
  page.onSeen?.(seenOf(rows, time, upToSeq))
  return { rows, totalCount: count }
}

/** The rows of a page, without their count. */
export async function readRows<Table extends keyof Tables, Nothing, Row extends Listed>(
  matching: SelectQueryBuilder<Tables, Table, Nothing>,
  select: (query: SelectQueryBuilder<Tables, Table, Nothing>) => SelectQueryBuilder<Tables, Table, Row>,
  time: TimeColumn | null,
  { upToSeq, after, limit, offset }: Page,
): Promise<Row[]> {
  const within = withinAnchor(matching, upToSeq)
  let query = select(after === undefined ? within : within.where(behind(time, after)))
  for (const column of time === null ? ['seq'] : [time, 'seq']) query = query.orderBy(sql.ref(column), 'desc')
  return query.limit(limit).offset(offset).execute()
}

/** What `onSeen` is told of the rows of a page. */
export function seenOf(rows: readonly Listed[], time: TimeColumn | null, upToSeq: number): PageSeen {
  return { upToSeq, last: lastKey(rows, (row) => keyIn(row, time)) }
}

function withinAnchor<Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
  upToSeq: number | undefined,
): SelectQueryBuilder<Tables, Table, Row> {
  return upToSeq === undefined ? query : query.where(sql<boolean>`seq <= ${upToSeq}`)
}

/** A comparison of rows, so that one range of the index that orders them answers it. */
export function behind(time: TimeColumn | null, after: PageKey): RawBuilder<boolean> {
  if (time === null) return sql<boolean>`seq < ${after.seq}`
  return sql<boolean>`(${sql.ref(time)}, seq) < (${after.at}, ${after.seq})`
}

function keyIn(row: Listed, time: TimeColumn | null): PageKey {
  return { at: time === null ? null : (row[time] ?? null), seq: row.seq }
}

function lastKey<Row>(rows: readonly Row[], keyOf: (row: Row) => PageKey): PageKey | null {
  const last = rows.at(-1)
  return last === undefined ? null : keyOf(last)
}

/**
 * The same of rows that are in memory, recent first, because their totals need all of them.
 * @returns the page, and all rows of the list it belongs to
 */
export function cutPage<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => PageKey,
  page: Page,
): { shown: Row[]; all: Row[] } {
  const upToSeq = page.upToSeq ?? rows.reduce((newest, row) => Math.max(newest, keyOf(row).seq), 0)
  const all = rows.filter((row) => keyOf(row).seq <= upToSeq)
  const { after, offset, limit } = page
  const rest = after === undefined ? all : all.filter((row) => isBehind(keyOf(row), after))
  const shown = rest.slice(offset, offset + limit)
  page.onSeen?.({ upToSeq, last: lastKey(shown, keyOf) })
  return { shown, all }
}

function isBehind(key: PageKey, after: PageKey): boolean {
  const byTime = (key.at?.getTime() ?? 0) - (after.at?.getTime() ?? 0)
  return byTime < 0 || (byTime === 0 && key.seq < after.seq)
}
