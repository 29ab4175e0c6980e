import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, inject } from 'vitest'
import { openDatabase, type Database, type DatabaseKind } from '../client.ts'
import './provided.ts'
import { administrate, databaseUrl, TEMPLATE_DATABASE } from './postgres-cluster.ts'
import { ask, findDump } from './unpack.ts'

export {
  administrate,
  type Cluster,
  databaseUrl,
  startCluster,
  TEMPLATE_DATABASE,
} from './postgres-cluster.ts'

export interface TestDatabase {
  db: Database
  /** Closes the database and, on Postgres, drops it. */
  close: () => Promise<void>
}

/** A migrated, empty database of its own. On Postgres `db.url` opens it a second time. */
export async function createTestDatabase(engine: DatabaseKind): Promise<TestDatabase> {
  return engine === 'pglite' ? createPglite() : createPostgres()
}

/** Runs a suite on both engines; where Postgres is missing, its half is skipped and says so. */
export function describeEngines(name: string, suite: (engine: DatabaseKind) => void): void {
  describe(`${name} (pglite)`, () => suite('pglite'))
  describePostgres(name, () => suite('postgres'))
}

/** For what one connection cannot show: concurrency, several processes. */
export function describePostgres(name: string, suite: () => void): void {
  const missing = findPostgresProblem()
  if (missing === null) return void describe(`${name} (postgres)`, suite)
  // oxlint-disable-next-line no-console -- a skipped half must not pass unseen
  console.warn(`SKIPPED on Postgres: ${name}. ${missing}`)
  describe.skip(`${name} (postgres, skipped: ${missing})`, suite)
}

function findPostgresProblem(): string | null {
  const provided = inject('testDatabases')
  return provided === undefined
    ? 'vitest ran without the global setup of packages/db'
    : provided.postgresMissing
}

let dump: Promise<Blob> | null = null

async function loadDump(): Promise<Blob> {
  return new Blob([await readFile(await findDump())])
}

async function createPglite(): Promise<TestDatabase> {
  const db = await openDatabase({ memory: true, loadDump: await (dump ??= loadDump()) })
  return { db, close: () => db.close() }
}

async function createPostgres(): Promise<TestDatabase> {
  const adminUrl = await ask('/postgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administrate(adminUrl, `create database ${name} template ${TEMPLATE_DATABASE}`)
  const db = await openDatabase({ url: databaseUrl(adminUrl, name) })
  return {
    db,
    close: async () => {
      await db.close()
      await administrate(adminUrl, `drop database if exists ${name} with (force)`)
    },
  }
}
export * from './faulty-database.ts'
export * from './hooked-database.ts'
export * from './samples.ts'
export * from './scheduled-database.ts'
export { unpackDatabase } from './unpack.ts'
