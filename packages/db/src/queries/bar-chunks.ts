import type { Bar } from '@quantdeck/domain'
import { sql } from 'kysely'
import {
  type BarColumns,
  emptyBarColumns,
  packBars,
  packedLength,
  sliceBarColumns,
  unpackBars,
} from '../bar-packing.ts'
import type { Queryable } from '../client.ts'
import type { InstantRange } from './values.ts'

export interface BarSeries {
  symbol: string
  intervalSeconds: number
}

/** Bars that a chunk has room for; part of the stored numbers, never to be changed. */
const BARS_PER_CHUNK = 8_192
/** Chunks read by one statement: about a megabyte, a millisecond or two of the embedded database's only thread. */
const CHUNKS_PER_READ = 4
/** A load that meets so many changes gives up; each change has to come between two of its statements. */
const MOST_ATTEMPTS = 5

function chunkMs(series: Pick<BarSeries, 'intervalSeconds'>): number {
  return series.intervalSeconds * BARS_PER_CHUNK * 1000
}

function chunkOf(series: Pick<BarSeries, 'intervalSeconds'>, at: Date): number {
  return Math.floor(at.getTime() / chunkMs(series))
}

/** One bar of each chunk that bars of a series are in; fewest repeated when the instants are in order. */
export function chunkStarts(series: BarSeries, openedAtMs: readonly number[]): BarPlace[] {
  const { symbol, intervalSeconds } = series
  const places: BarPlace[] = []
  const length = chunkMs(series)
  let last = Number.NaN
  for (const ms of openedAtMs) {
    const chunk = Math.floor(ms / length)
    if (chunk !== last) places.push({ symbol, intervalSeconds, openedAt: new Date(ms) })
    last = chunk
  }
  return places
}

/** Where a bar is. */
type BarPlace = BarSeries & Pick<Bar, 'openedAt'>

/**
 * Says that bars change: their chunks have to be packed anew. In the transaction that writes the bars, so that a packer
 * which has not seen them finds another version and stores nothing.
 */
export async function markBarChunks(db: Queryable, bars: readonly BarPlace[]): Promise<void> {
  const touched = new Map<string, { series: BarSeries; chunk: number }>()
  for (const bar of bars) {
    const chunk = chunkOf(bar, bar.openedAt)
    touched.set(`${bar.intervalSeconds} ${chunk} ${bar.symbol}`, { series: bar, chunk })
  }
  if (touched.size === 0) return
  // Always in the same order: two writers of the same chunks must not wait for each other.
  const rows = [...touched.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const symbols = JSON.stringify(rows.map(({ series }) => series.symbol))
  await sql`
    insert into bar_chunks (symbol, interval_seconds, chunk)
    select symbol, interval_seconds, chunk from rows from (
      json_array_elements_text(${symbols}::json),
      unnest(${`{${rows.map(({ series }) => series.intervalSeconds).join(',')}}`}::int[]),
      unnest(${`{${rows.map(({ chunk }) => chunk).join(',')}}`}::int[])
    ) as touched (symbol, interval_seconds, chunk)
    on conflict (symbol, interval_seconds, chunk)
      do update set packed = null, bar_count = 0, version = bar_chunks.version + 1`.execute(db)
}

type PackedRows = Record<
  'openedAtMs' | 'closedAtMs' | 'open' | 'high' | 'low' | 'close' | 'volume',
  Buffer | null
>

/** The bars of one chunk from their rows. Each column travels as one bytea of doubles: a third of the time of rows. */
async function readRows(db: Queryable, series: BarSeries, chunk: number): Promise<BarColumns> {
  const doubles = (expression: string) => sql.raw(`string_agg(float8send(${expression}), ''::bytea)`)
  const { rows } = await sql<PackedRows>`
    select ${doubles('extract(epoch from opened_at)::float8 * 1000')} as opened_at_ms,
      ${doubles('extract(epoch from closed_at)::float8 * 1000')} as closed_at_ms,
      ${doubles('open::float8')} as open, ${doubles('high::float8')} as high,
      ${doubles('low::float8')} as low, ${doubles('close::float8')} as close,
      ${doubles('volume::float8')} as volume
    from (
      select * from bars where symbol = ${series.symbol} and interval_seconds = ${series.intervalSeconds}
        and opened_at >= ${new Date(chunk * chunkMs(series))} and opened_at < ${new Date((chunk + 1) * chunkMs(series))}
      order by opened_at
    ) ordered`.execute(db)
  const found = rows[0]
  const openedAtMs = toDoubles(found?.openedAtMs)
  return {
    length: openedAtMs.length,
    openedAtMs,
    closedAtMs: toDoubles(found?.closedAtMs),
    open: toDoubles(found?.open),
    high: toDoubles(found?.high),
    low: toDoubles(found?.low),
    close: toDoubles(found?.close),
    volume: toDoubles(found?.volume),
  }
}

/** From network byte order, into memory of its own (the driver's buffer may be unaligned). */
function toDoubles(bytes: Buffer | null | undefined): Float64Array {
  if (bytes === null || bytes === undefined) return new Float64Array(0)
  const doubles = new Float64Array(bytes.length / 8)
  const target = Buffer.from(doubles.buffer)
  bytes.copy(target)
  if (doubles.length > 0) target.swap64()
  return doubles
}

/** Packs a chunk from its rows. Stored only while nobody has marked it since its version was read. */
async function packChunk(db: Queryable, series: BarSeries, stale: ChunkState): Promise<void> {
  const bars = await readRows(db, series, stale.chunk)
  await sql`
    update bar_chunks set packed = ${packBars(bars)}, bar_count = ${bars.length}
    where symbol = ${series.symbol} and interval_seconds = ${series.intervalSeconds}
      and chunk = ${stale.chunk} and version = ${stale.version}`.execute(db)
}

interface ChunkState {
  chunk: number
  version: number
  barCount: number
  isPacked: boolean
}

async function listChunks(db: Queryable, series: BarSeries, range: InstantRange): Promise<ChunkState[]> {
  const first = !range.from ? null : chunkOf(series, range.from)
  const last = !range.to ? null : chunkOf(series, range.to)
  const { rows } = await sql<ChunkState>`
    select chunk, version, bar_count, packed is not null as is_packed from bar_chunks
    where symbol = ${series.symbol} and interval_seconds = ${series.intervalSeconds}
      and chunk >= coalesce(${first}::int, chunk) and chunk <= coalesce(${last}::int, chunk)
    order by chunk`.execute(db)
  return rows
}

/** Packed bytes of chunks, oldest first; fewer than asked for where one was marked meanwhile. */
async function readChunks(db: Queryable, series: BarSeries, chunks: readonly number[]): Promise<Buffer[]> {
  const { rows } = await sql<{ packed: Buffer }>`
    select packed from bar_chunks
    where symbol = ${series.symbol} and interval_seconds = ${series.intervalSeconds}
      and chunk = any(${`{${chunks.join(',')}}`}::int[]) and packed is not null
    order by chunk`.execute(db)
  return rows.map(({ packed }) => packed)
}

export interface LoadOptions {
  /** Makes the columns, for a caller that wants them in memory of its own. */
  allocate?: (length: number) => BarColumns
  signal?: AbortSignal | undefined
}

/**
 * Bars as columns, oldest first: what a backtest and the indicators read. `from` and `to` are of the bar's open, both
 * inclusive. Chunks that changed since they were last read are packed first. The answer is a part of what `allocate` made.
 * @throws the signal's reason, between two statements
 */
export async function loadBarColumns(
  db: Queryable,
  series: BarSeries,
  range: InstantRange = {},
  { allocate = emptyBarColumns, signal }: LoadOptions = {},
): Promise<BarColumns> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const chunks = await listChunks(db, series, range)
    const stale = chunks.filter(({ isPacked }) => !isPacked)
    for (const chunk of stale) {
      signal?.throwIfAborted()
      await packChunk(db, series, chunk)
    }
    const current = stale.length === 0 ? chunks : await listChunks(db, series, range)
    const loaded = await readAll(db, series, current, { allocate, signal })
    if (loaded !== null) return within(loaded, range)
  }
  throw new Error(`the bars of ${series.symbol} change faster than they can be read`)
}

/** Null when a chunk was marked between the look at the list and the read. */
async function readAll(
  db: Queryable,
  series: BarSeries,
  chunks: readonly ChunkState[],
  { allocate, signal }: LoadOptions & Required<Pick<LoadOptions, 'allocate'>>,
): Promise<BarColumns | null> {
  const total = chunks.reduce((sum, { barCount }) => sum + barCount, 0)
  const columns = allocate(total)
  let at = 0
  for (let i = 0; i < chunks.length; i += CHUNKS_PER_READ) {
    signal?.throwIfAborted()
    const asked = chunks.slice(i, i + CHUNKS_PER_READ)
    const packed = await readChunks(
      db,
      series,
      asked.map(({ chunk }) => chunk),
    )
    const isWhole =
      packed.length === asked.length && packed.every((bytes, n) => packedLength(bytes) === asked[n]?.barCount)
    if (!isWhole) return null
    for (const bytes of packed) {
      unpackBars(bytes, columns, at)
      at += packedLength(bytes)
      // A fifth of a millisecond each; requests are not to wait for all of them.
      await new Promise(setImmediate)
    }
  }
  return columns
}

function within(columns: BarColumns, { from, to }: InstantRange): BarColumns {
  const first = !from ? 0 : lowerBound(columns.openedAtMs, from.getTime())
  const end = !to ? columns.length : lowerBound(columns.openedAtMs, to.getTime() + 1)
  return sliceBarColumns(columns, first, Math.max(first, end))
}

/** Index of the first instant that is not before `at`. */
function lowerBound(sorted: Float64Array, at: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < at) low = middle + 1
    else high = middle
  }
  return low
}
