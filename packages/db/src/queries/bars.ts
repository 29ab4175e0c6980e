import { toDecimal, type Bar } from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { BarsTable } from '../schema/bars.ts'
import { type BarSeries, markBarChunks } from './bar-chunks.ts'
import { given, type InstantRange } from './values.ts'

export type { BarSeries }

export interface BarCoverage extends BarSeries {
  firstOpenedAt: Date
  lastOpenedAt: Date
  barCount: number
}

function toBar(row: Selectable<BarsTable>): Bar {
  return {
    ...row,
    open: toDecimal(row.open),
    high: toDecimal(row.high),
    low: toDecimal(row.low),
    close: toDecimal(row.close),
    volume: toDecimal(row.volume),
  }
}

const ROWS_PER_STATEMENT = 10_000

/**
 * UNNEST of one array per column: measured 1.5 to 2 times as fast as VALUES.
 * A bar that is there already is kept, or replaced when `onDuplicate` says so; each bar at most once per call.
 * @returns how many were written
 */
export async function insertBars(
  db: Queryable,
  bars: readonly Bar[],
  onDuplicate: 'keep' | 'replace' = 'keep',
): Promise<number> {
  await markBarChunks(db, bars)
  let written = 0
  for (let start = 0; start < bars.length; start += ROWS_PER_STATEMENT) {
    written += await insertChunk(db, bars.slice(start, start + ROWS_PER_STATEMENT), onDuplicate)
  }
  return written
}

async function insertChunk(
  db: Queryable,
  bars: readonly Bar[],
  onDuplicate: 'keep' | 'replace',
): Promise<number> {
  const tail =
    onDuplicate === 'keep'
      ? sql`do nothing`
      : sql`do update set closed_at = excluded.closed_at, open = excluded.open, high = excluded.high,
          low = excluded.low, close = excluded.close, volume = excluded.volume, source = excluded.source`
  const column = (value: (bar: Bar) => string | number) => `{${bars.map(value).join(',')}}`
  const result = await sql`
    insert into bars (symbol, interval_seconds, opened_at, closed_at, open, high, low, close, volume, source)
    select * from unnest(
      ${bars.map(({ symbol }) => symbol)}::text[],
      ${column((bar) => bar.intervalSeconds)}::integer[],
      ${column((bar) => bar.openedAt.toISOString())}::timestamptz[],
      ${column((bar) => bar.closedAt.toISOString())}::timestamptz[],
      ${column((bar) => bar.open.toFixed())}::numeric[],
      ${column((bar) => bar.high.toFixed())}::numeric[],
      ${column((bar) => bar.low.toFixed())}::numeric[],
      ${column((bar) => bar.close.toFixed())}::numeric[],
      ${column((bar) => bar.volume.toFixed())}::numeric[],
      ${bars.map(({ source }) => source)}::text[]
    ) on conflict (symbol, interval_seconds, opened_at) ${tail}`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

/** One writer of a series at a time, until the transaction ends: what a bar is judged against must stand still. */
export async function lockBarSeries(trx: Queryable, series: BarSeries): Promise<void> {
  const key = `bars:${series.symbol}:${series.intervalSeconds}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx)
}

/** The last `count` bars that had opened at or before an instant (or at all), oldest first. */
export async function listLatestBars(
  db: Queryable,
  series: BarSeries,
  count: number,
  until?: Date,
): Promise<Bar[]> {
  const rows = await db
    .selectFrom('bars')
    .selectAll()
    .where('symbol', '=', series.symbol)
    .where('intervalSeconds', '=', series.intervalSeconds)
    .where((eb) => eb.and(given(until, (at) => eb('openedAt', '<=', at))))
    .orderBy('openedAt', 'desc')
    .limit(count)
    .execute()
  return rows.map(toBar).reverse()
}

/** Oldest first, at most `limit`; `from` and `to` are of the bar's open. */
export async function listBars(
  db: Queryable,
  series: BarSeries,
  range: InstantRange,
  limit: number,
): Promise<Bar[]> {
  const rows = await db
    .selectFrom('bars')
    .selectAll()
    .where('symbol', '=', series.symbol)
    .where('intervalSeconds', '=', series.intervalSeconds)
    .where((eb) =>
      eb.and([
        ...given(range.from, (at) => eb('openedAt', '>=', at)),
        ...given(range.to, (at) => eb('openedAt', '<=', at)),
      ]),
    )
    .orderBy('openedAt')
    .limit(limit)
    .execute()
  return rows.map(toBar)
}

/** First and last open of a series within a range; null without a bar in it. Two looks at the index, however many bars. */
export async function findBarSpan(
  db: Queryable,
  series: BarSeries,
  range: InstantRange = {},
): Promise<{ first: Date; last: Date } | null> {
  const { rows } = await sql<{ first: Date | null; last: Date | null }>`
    select min(opened_at) as first, max(opened_at) as last from bars
    where symbol = ${series.symbol} and interval_seconds = ${series.intervalSeconds}
      and opened_at >= ${range.from ?? '-infinity'}::timestamptz and opened_at <= ${range.to ?? 'infinity'}::timestamptz`.execute(
    db,
  )
  const [row] = rows
  return row?.first && row.last ? { first: row.first, last: row.last } : null
}

/** What there is of each symbol and interval. */
export async function listBarCoverage(db: Queryable, symbol?: string): Promise<BarCoverage[]> {
  return db
    .selectFrom('bars')
    .select(({ fn }) => [
      'symbol',
      'intervalSeconds',
      fn.min('openedAt').as('firstOpenedAt'),
      fn.max('openedAt').as('lastOpenedAt'),
      fn.countAll<number>().as('barCount'),
    ])
    .where((eb) => eb.and(given(symbol, (value) => eb('symbol', '=', value))))
    .groupBy(['symbol', 'intervalSeconds'])
    .orderBy('symbol')
    .orderBy('intervalSeconds')
    .execute()
}

/** Two bars in a row that stand further apart than their interval: maybe only a night or a weekend. */
export interface BarStep {
  after: Date
  before: Date
}

/** Oldest first, the newest `limit` of them. */
export async function listBarSteps(db: Queryable, series: BarSeries, limit: number): Promise<BarStep[]> {
  const { rows } = await sql<BarStep>`
    select after, before from (
      select lag(opened_at) over (order by opened_at) as after, opened_at as before
      from bars where symbol = ${series.symbol} and interval_seconds = ${series.intervalSeconds}
    ) steps
    where before - after > make_interval(secs => ${series.intervalSeconds})
    order by before desc limit ${limit}`.execute(db)
  return rows.reverse()
}
