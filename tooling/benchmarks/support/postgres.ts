import { openDatabase, type Database } from '@quantdeck/db'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  administrate,
  databaseUrl,
  startCluster,
  TEMPLATE_DATABASE,
} from '../../../packages/db/src/testing/postgres-cluster.ts'
import { MissingTool } from '../suite.ts'

export interface BenchPostgres {
  /** Of a migrated, empty database. */
  url: string
  db: Database
  /** The server's own process. */
  pid: number
  close(): Promise<void>
}

/** Durable, as in production: every commit is flushed to the disk. */
const DURABLE = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'shared_buffers=256MB']

/** A Postgres of our own from npm's binaries. @throws MissingTool where there are none */
export async function startPostgres(): Promise<BenchPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'quantdeck-bench-'))
  chmodSync(folder, 0o711)
  const dataDir = join(folder, 'postgres')
  const cluster = await startCluster(dataDir, DURABLE).catch((error: unknown) => {
    throw new MissingTool(`Postgres does not start here: ${String(error).split('\n')[0]}`)
  })
  const name = `bench_${randomUUID().replaceAll('-', '')}`
  await administrate(cluster.url, `create database ${name} template ${TEMPLATE_DATABASE}`)
  const url = databaseUrl(cluster.url, name)
  const db = await openDatabase({ url })
  return {
    url,
    db,
    pid: Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]),
    close: async () => {
      await db.close()
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
