import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { CamelCasePlugin, Kysely, PGliteDialect, PostgresDialect, type Transaction } from 'kysely'
import { Pool, type PoolConfig } from 'pg'
import { lockDirectory } from './directory-lock.ts'
import { loopTurns } from './loop-turns.ts'
import { NamedClient } from './named-client.ts'
import type { Tables } from './schema/database.ts'
import { assertOutsideTransaction, rootGuard } from './transaction.ts'
import { typeParsers } from './type-parsers.ts'
import { countingWrites, isReadText, WriteCount } from './write-count.ts'

export type DatabaseKind = 'postgres' | 'pglite'
/** What every query takes: the database outside, the transaction inside of one. */
export type Queryable = Kysely<Tables>
export type Trx = Transaction<Tables>

export interface SqlResult {
  rows: Record<string, unknown>[]
}

export interface Database {
  readonly kind: DatabaseKind
  /** What this process has written so far. */
  readonly writes: WriteCount
  readonly kysely: Kysely<Tables>
  /** For pg-boss: one statement with values, or several without. */
  executeSql: (text: string, values?: unknown[]) => Promise<SqlResult>
  /** A Kysely without the pool's time limits, for migrations; `release` ends what was opened for it. */
  openForMigration: () => { kysely: Kysely<unknown>; release: () => Promise<void> }
  close: () => Promise<void>
  readonly pglite?: PGlite
  readonly pool?: Pool
  /** The connection string, for LISTEN and for pg-boss. */
  readonly url?: string
}

export interface PostgresOptions {
  url: string
  /** Size of the pool, 10 unless told. */
  maxConnections?: number
  /** A connection broke; the pool opens another. */
  onConnectionError?: (error: Error) => void
}
export interface DirectoryOptions {
  dataDir: string
}
export interface MemoryOptions {
  memory: true
  /** A dump of `pglite.dumpDataDir()`: starts in a third of the time. */
  loadDump?: Blob
}
export type OpenOptions = PostgresOptions | DirectoryOptions | MemoryOptions

/**
 * Opens Postgres by URL, or an embedded PGlite in a directory or in memory. Does not migrate.
 * @throws Error when another living process holds the directory
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  if ('url' in options) return openPostgres(options)
  if ('dataDir' in options) return openDirectory(options.dataDir)
  return openPglite(new PGlite({ parsers: typeParsers, loadDataDir: options.loadDump }), async () => {})
}

/** With the defaults a frozen server would hang every request for ever. */
const poolLimits = {
  connectionTimeoutMillis: 5_000,
  query_timeout: 15_000,
  statement_timeout: 10_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
} satisfies PoolConfig

const types = { getTypeParser: (oid: number) => typeParsers[oid] ?? String }

/**
 * A connection that breaks emits `error` on the pool while it is idle and on itself while it is in use; either one
 * without a listener would end the process. The query that was running is rejected besides.
 */
function openPool(config: PoolConfig, onConnectionError: (error: Error) => void): Pool {
  const pool = new Pool({ ...config, types })
  pool.on('error', onConnectionError)
  pool.on('connect', (client) => client.on('error', onConnectionError))
  return pool
}

function plugins(writes: WriteCount) {
  return [new CamelCasePlugin({ maintainNestedObjectKeys: true }), rootGuard, countingWrites(writes)]
}

/** Whatever becomes of it, it may have been done. */
async function counted<T>(writes: WriteCount, text: string, run: () => Promise<T>): Promise<T> {
  assertOutsideTransaction()
  try {
    return await run()
  } finally {
    if (!isReadText(text)) writes.rise()
  }
}

async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { url, maxConnections = 10, onConnectionError = () => {} } = options
  const config = {
    ...{ connectionString: url, max: maxConnections, Client: NamedClient, pipeline: true },
    ...poolLimits,
  }
  const pool = openPool(config, onConnectionError)
  const writes = new WriteCount()
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: plugins(writes) })
  return {
    kind: 'postgres',
    writes,
    kysely,
    pool,
    url,
    executeSql: (text, values) => counted(writes, text, () => pool.query(text, values)),
    openForMigration: () => {
      const single = openPool(
        { connectionString: url, max: 1, connectionTimeoutMillis: 5_000 },
        onConnectionError,
      )
      const migrating = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: single }) })
      return { kysely: migrating, release: () => migrating.destroy() }
    },
    close: () => kysely.destroy(),
  }
}

async function openDirectory(dataDir: string): Promise<Database> {
  mkdirSync(dirname(dataDir), { recursive: true })
  const lock = lockDirectory(dataDir)
  try {
    return await openPglite(new PGlite({ dataDir, parsers: typeParsers }), async () => lock.release())
  } catch (error) {
    lock.release()
    throw error
  }
}

async function openPglite(pglite: PGlite, afterClose: () => Promise<void>): Promise<Database> {
  await pglite.waitReady
  const dialect = new PGliteDialect({ pglite })
  const writes = new WriteCount()
  const kysely = new Kysely<Tables>({ dialect, plugins: [...plugins(writes), loopTurns] })
  return {
    kind: 'pglite',
    writes,
    kysely,
    pglite,
    executeSql: (text, values) => counted(writes, text, () => executeOnPglite(pglite, text, values)),
    openForMigration: () => ({ kysely: kysely.withoutPlugins() as Kysely<unknown>, release: async () => {} }),
    close: async () => {
      await kysely.destroy()
      if (!pglite.closed) await pglite.close()
      await afterClose()
    },
  }
}

/** Statements without values may be several at once, which only `exec` takes; the last one's rows count. */
async function executeOnPglite(pglite: PGlite, text: string, values: unknown[] = []): Promise<SqlResult> {
  if (values.length > 0) return pglite.query<Record<string, unknown>>(text, values)
  const results = await pglite.exec(text)
  return { rows: results.at(-1)?.rows ?? [] }
}
