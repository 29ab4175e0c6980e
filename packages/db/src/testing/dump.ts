import { writeFile } from 'node:fs/promises'
import { ensureDefined } from '@quantdeck/domain'
import { openDatabase } from '../client.ts'
import { migrateToLatest } from '../migrate.ts'

/** A migrated, empty database as a tar: loading it takes a tenth of the time of making it. */
export async function makeDump(): Promise<Blob> {
  const db = await openDatabase({ memory: true })
  try {
    await migrateToLatest(db)
    return await ensureDefined(db.pglite, 'the embedded database').dumpDataDir('none')
  } finally {
    await db.close()
  }
}

export async function buildDump(path: string): Promise<string> {
  const dump = await makeDump()
  await writeFile(path, Buffer.from(await dump.arrayBuffer()))
  return path
}
