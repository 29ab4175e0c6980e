import type { Queryable } from '../client.ts'
import { isUuid } from './values.ts'

/** What became of the rows of one imported file. */
export interface BarImport {
  importId: string
  symbol: string
  fileName: string
  rowsTotal: number
  rowsAccepted: number
  rowsQuarantined: number
  rowsDuplicate: number
  createdBy: string | null
  createdAt: Date
}

export async function insertBarImport(db: Queryable, barImport: BarImport): Promise<void> {
  await db.insertInto('barImports').values(barImport).execute()
}

/** Counts grow while a file is imported in several requests. */
export async function addToBarImport(
  db: Queryable,
  importId: string,
  counts: Pick<BarImport, 'rowsTotal' | 'rowsAccepted' | 'rowsQuarantined' | 'rowsDuplicate'>,
): Promise<void> {
  await db
    .updateTable('barImports')
    .set(({ eb }) => ({
      rowsTotal: eb('rowsTotal', '+', counts.rowsTotal),
      rowsAccepted: eb('rowsAccepted', '+', counts.rowsAccepted),
      rowsQuarantined: eb('rowsQuarantined', '+', counts.rowsQuarantined),
      rowsDuplicate: eb('rowsDuplicate', '+', counts.rowsDuplicate),
    }))
    .where('importId', '=', importId)
    .execute()
}

export async function findBarImport(db: Queryable, importId: string): Promise<BarImport | null> {
  if (!isUuid(importId)) return null
  const row = await db
    .selectFrom('barImports')
    .selectAll()
    .where('importId', '=', importId)
    .executeTakeFirst()
  return row ?? null
}

/** Rows of all imports of a symbol that were there already. */
export async function countDuplicateRows(db: Queryable, symbol: string): Promise<number> {
  const { count } = await db
    .selectFrom('barImports')
    .select(({ fn }) => fn.sum<string | number | null>('rowsDuplicate').as('count'))
    .where('symbol', '=', symbol)
    .executeTakeFirstOrThrow()
  return Number(count ?? 0)
}

export async function listBarImports(db: Queryable, limit: number): Promise<BarImport[]> {
  return db.selectFrom('barImports').selectAll().orderBy('createdAt', 'desc').limit(limit).execute()
}
