import { sql, type RawBuilder } from 'kysely'
import type { Queryable } from '../client.ts'
import { type BarSeries, chunkStarts, markBarChunks } from './bar-chunks.ts'

/** Bars of one series as an import brings them: columns of equal length, oldest first. */
export interface BarRows extends BarSeries {
  source: string
  /** Each bar closes one interval later. */
  openedAtMs: readonly number[]
  /** Plain decimals, as they were sent. */
  open: readonly string[]
  high: readonly string[]
  low: readonly string[]
  close: readonly string[]
  volume: readonly string[]
}

const ROWS_PER_STATEMENT = 10_000
const UNIQUE_VIOLATION = '23505'

/**
 * Writes bars that the caller, who holds the series (`lockBarSeries`), has found to be new. Looking for each one in the
 * index once more would cost as much again as all the rest; only where somebody without the lock was faster is it done,
 * and that one's bar is kept. Run it inside a transaction.
 * @returns how many were written
 */
export async function insertNewBars(trx: Queryable, rows: BarRows): Promise<number> {
  await markBarChunks(trx, chunkStarts(rows, rows.openedAtMs))
  let written = 0
  for (let start = 0; start < rows.openedAtMs.length; start += ROWS_PER_STATEMENT) {
    const insertion = insertStatement(rows, start, start + ROWS_PER_STATEMENT)
    await sql`savepoint new_bars`.execute(trx)
    try {
      written += await execute(trx, insertion)
    } catch (error) {
      if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error
      await sql`rollback to savepoint new_bars`.execute(trx)
      written += await execute(
        trx,
        sql`${insertion} on conflict (symbol, interval_seconds, opened_at) do nothing`,
      )
    }
    await sql`release savepoint new_bars`.execute(trx)
  }
  return written
}

async function execute(trx: Queryable, insertion: RawBuilder<unknown>): Promise<number> {
  return Number((await insertion.execute(trx)).numAffectedRows ?? 0n)
}

function insertStatement(rows: BarRows, from: number, to: number): RawBuilder<unknown> {
  const array = (column: readonly (string | number)[]) => `{${column.slice(from, to).join(',')}}`
  return sql`
    insert into bars (symbol, interval_seconds, opened_at, closed_at, open, high, low, close, volume, source)
    select ${rows.symbol}, ${rows.intervalSeconds}::integer, to_timestamp(opened_ms / 1000),
      to_timestamp(opened_ms / 1000 + ${rows.intervalSeconds}::integer), open, high, low, close, volume, ${rows.source}
    from unnest(
      ${array(rows.openedAtMs)}::float8[], ${array(rows.open)}::numeric[], ${array(rows.high)}::numeric[],
      ${array(rows.low)}::numeric[], ${array(rows.close)}::numeric[], ${array(rows.volume)}::numeric[]
    ) as rows (opened_ms, open, high, low, close, volume)`
}
