import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { ensureDefined } from '@quantdeck/domain'
import { openDatabase, type Database } from '../client.ts'
import { migrateToLatest } from '../migrate.ts'

/** A migrated, empty database as a tar: loading it takes a tenth of the time of making it. */
async function makeDump(): Promise<Blob> {
  const db = await openDatabase({ memory: true })
  try {
    await migrateToLatest(db)
    await dropTemplates(db)
    return await ensureDefined(db.pglite, 'the embedded database').dumpDataDir('none')
  } finally {
    await db.close()
  }
}

/** Two thirds of the files, which nobody connects to: without them each load takes half as long. */
async function dropTemplates(db: Database): Promise<void> {
  await db.executeSql('update pg_database set datistemplate = false')
  for (const name of ['template0', 'template1']) await db.executeSql(`drop database ${name}`)
}

/** The path of a dump of today's schema. It is kept between runs until a migration, PGlite or this file changes. */
export async function findOrMakeDump(): Promise<string> {
  const path = join(tmpdir(), `quantdeck-dump-${userInfo().uid}-${FINGERPRINT}.tar`)
  if (existsSync(path)) return path
  const dump = await makeDump()
  const unfinished = `${path}.${process.pid}`
  await writeFile(unfinished, Buffer.from(await dump.arrayBuffer()), { mode: 0o600 })
  await rename(unfinished, path)
  return path
}

function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename))
  const folder = join(import.meta.dirname, '../migrations')
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)))
  const pglite = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  return hash.update(pglite).digest('hex').slice(0, 16)
}

// Of the migrations as they were imported: a later look could see files that somebody has edited since.
const FINGERPRINT = fingerprint()
