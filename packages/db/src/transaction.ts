import { AsyncLocalStorage } from 'node:async_hooks'
import { CamelCasePlugin, CompiledQuery, type KyselyPlugin, sql } from 'kysely'
import type { Database, Queryable, SqlResult, Trx } from './client.ts'
import { loopTurns } from './loop-turns.ts'

const running = new AsyncLocalStorage<{ open: boolean }>()

/**
 * Refuses a query on the database itself from within `transaction`: on PGlite's one connection it would wait
 * for ever for the transaction that waits for it, on Postgres it would silently run outside of it.
 */
export const rootGuard: KyselyPlugin = {
  transformQuery({ node }) {
    assertOutsideTransaction()
    return node
  },
  transformResult: async ({ result }) => result,
}

/** @throws Error when called from within `transaction` */
export function assertOutsideTransaction(): void {
  if (running.getStore()?.open !== true) return
  throw new Error('A query inside a transaction must use the transaction (trx), not the database')
}

/** One for all: it remembers how names are written. */
const camelCase = new CamelCasePlugin({ maintainNestedObjectKeys: true })

/** Runs `work` in one transaction: all of it is committed, or nothing of it. Does not nest. */
export async function transaction<T>(db: Database, work: (trx: Trx) => Promise<T>): Promise<T> {
  try {
    return await uncounted(db, work)
  } finally {
    // A commit whose answer was lost may have happened.
    db.writes.rise()
  }
}

async function uncounted<T>(db: Database, work: (trx: Trx) => Promise<T>): Promise<T> {
  if (running.getStore()?.open === true) throw new Error('Transactions do not nest: pass trx on')
  return db.kysely.transaction().execute(async (root) => {
    const named = root.withoutPlugins().withPlugin(camelCase)
    const trx = db.kind === 'pglite' ? named.withPlugin(loopTurns) : named
    const state = { open: true }
    try {
      return await running.run(state, () => work(trx))
    } finally {
      state.open = false
    }
  })
}

/** One consistent look at the database, whatever is committed meanwhile; writing in it fails. */
export async function snapshot<T>(db: Database, look: (trx: Trx) => Promise<T>): Promise<T> {
  return uncounted(db, async (trx) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(trx)
    return look(trx)
  })
}

/** Raw SQL inside a transaction, so that pg-boss can enqueue a job together with its row. */
export async function executeSqlIn(db: Queryable, text: string, values: unknown[] = []): Promise<SqlResult> {
  const result = await db
    .withoutPlugins()
    .executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values))
  return { rows: result.rows }
}
