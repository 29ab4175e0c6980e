import type { JsonValue } from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { BarQuarantineTable, QuarantineStatus } from '../schema/bar-quarantine.ts'
import { identitiesInOrder, RowBatch, type Identity } from './batch.ts'
import { type Page, readPage } from './page.ts'
import { given, isUuid } from './values.ts'

/** A bar that was refused: what was sent, where it stood, and why it was not taken. */
export interface QuarantinedBar {
  quarantineId: string
  seq: number
  symbol: string
  intervalSeconds: number | null
  openedAt: Date | null
  /** Line of the imported file, from 1. */
  line: number | null
  raw: JsonValue
  reason: string
  detail: string
  importId: string | null
  status: QuarantineStatus
  createdAt: Date
  resolvedAt: Date | null
  resolvedBy: string | null
}

export type NewQuarantinedBar = Omit<QuarantinedBar, 'seq' | 'status' | 'resolvedAt' | 'resolvedBy'>

export interface QuarantineFilter {
  symbol?: string
  status?: QuarantineStatus
  importId?: string
}

function toQuarantinedBar(row: Selectable<BarQuarantineTable>): QuarantinedBar {
  return { ...row, raw: row.raw as JsonValue }
}

const batch = new RowBatch('bar_quarantine', [
  'quarantineId',
  'symbol',
  'intervalSeconds',
  'openedAt',
  'line',
  'raw',
  'reason',
  'detail',
  'importId',
  'createdAt',
])

export async function insertQuarantinedBars(
  db: Queryable,
  bars: readonly NewQuarantinedBar[],
): Promise<number[]> {
  const returned = await batch.insert<Identity>(db, bars, sql`returning quarantine_id as id, seq`)
  return identitiesInOrder(
    bars.map(({ quarantineId }) => quarantineId),
    returned,
  )
}

/** Recent first, with the count over all pages. */
export async function listQuarantinedBars(
  db: Queryable,
  filter: QuarantineFilter,
  page: Page,
): Promise<{ bars: QuarantinedBar[]; totalCount: number }> {
  const query = db
    .selectFrom('barQuarantine')
    .where((eb) =>
      eb.and([
        ...given(filter.symbol, (symbol) => eb('symbol', '=', symbol)),
        ...given(filter.status, (status) => eb('status', '=', status)),
        ...given(filter.importId, (id) => eb('importId', '=', id)),
      ]),
    )
  const { rows, totalCount } = await readPage(query, (q) => q.selectAll(), null, page)
  return { bars: rows.map(toQuarantinedBar), totalCount }
}

export async function findQuarantinedBar(
  db: Queryable,
  quarantineId: string,
): Promise<QuarantinedBar | null> {
  if (!isUuid(quarantineId)) return null
  const row = await db
    .selectFrom('barQuarantine')
    .selectAll()
    .where('quarantineId', '=', quarantineId)
    .executeTakeFirst()
  return row === undefined ? null : toQuarantinedBar(row)
}

/** @returns false when somebody resolved it before */
export async function resolveQuarantinedBar(
  db: Queryable,
  quarantineId: string,
  resolution: { status: 'ACCEPTED' | 'DROPPED'; resolvedAt: Date; resolvedBy: string },
): Promise<boolean> {
  const row = await db
    .updateTable('barQuarantine')
    .set(resolution)
    .where('quarantineId', '=', quarantineId)
    .where('status', '=', 'PENDING')
    .returning('quarantineId')
    .executeTakeFirst()
  return row !== undefined
}

/** How many bars of one series that opened within a range wait for a decision; both ends inclusive. */
export async function countPendingBars(
  db: Queryable,
  series: { symbol: string; intervalSeconds: number },
  range: { from: Date; to: Date },
): Promise<number> {
  const { count } = await db
    .selectFrom('barQuarantine')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', '=', 'PENDING')
    .where('symbol', '=', series.symbol)
    .where('intervalSeconds', '=', series.intervalSeconds)
    .where('openedAt', '>=', range.from)
    .where('openedAt', '<=', range.to)
    .executeTakeFirstOrThrow()
  return count
}

/** Pending bars of one series with one of the reasons that opened after `after` and before `before`, oldest first. */
export async function listPendingBars(
  db: Queryable,
  series: { symbol: string; intervalSeconds: number },
  reasons: readonly string[],
  range: { after: Date; before: Date },
): Promise<QuarantinedBar[]> {
  const rows = await db
    .selectFrom('barQuarantine')
    .selectAll()
    .where('status', '=', 'PENDING')
    .where('symbol', '=', series.symbol)
    .where('intervalSeconds', '=', series.intervalSeconds)
    .where('reason', 'in', [...reasons])
    .where('openedAt', '>', range.after)
    .where('openedAt', '<', range.before)
    .orderBy('openedAt')
    .execute()
  return rows.map(toQuarantinedBar)
}

export type QuarantineCounts = Record<QuarantineStatus, number>

/** How many bars of each series wait, were taken and were dropped, by `symbol|seconds`. */
export async function countQuarantineBySeries(db: Queryable): Promise<Map<string, QuarantineCounts>> {
  const rows = await db
    .selectFrom('barQuarantine')
    .select(['symbol', 'intervalSeconds', 'status', ({ fn }) => fn.countAll<number>().as('count')])
    .groupBy(['symbol', 'intervalSeconds', 'status'])
    .execute()
  const counts = new Map<string, QuarantineCounts>()
  for (const { symbol, intervalSeconds, status, count } of rows) {
    const key = `${symbol}|${intervalSeconds}`
    const found = counts.get(key) ?? { PENDING: 0, ACCEPTED: 0, DROPPED: 0 }
    counts.set(key, { ...found, [status]: count })
  }
  return counts
}
