import { toDecimal, type Decimal } from '@quantdeck/domain'
import { sql } from 'kysely'
import type { Queryable } from '../client.ts'
import { RowBatch } from './batch.ts'

/** The last price of an instrument and when it was made. */
export interface Mark {
  symbol: string
  price: Decimal
  at: Date
  source: string
}

const batch = new RowBatch('marks', ['symbol', 'price', 'at', 'source'])

export async function listMarks(db: Queryable): Promise<Mark[]> {
  const rows = await db.selectFrom('marks').selectAll().orderBy('symbol').execute()
  return rows.map((row) => ({ ...row, price: toDecimal(row.price) }))
}

/** Newer marks replace older ones, never the other way round; each symbol at most once per call. */
export async function upsertMarks(db: Queryable, marks: readonly Mark[]): Promise<void> {
  await batch.insert(
    db,
    marks,
    sql`on conflict (symbol) do update set ${batch.assign('excluded', ['price', 'at', 'source'])}
      where marks.at <= excluded.at`,
  )
}
