import { Migrator } from 'kysely/migration'
import type { Database } from './client.ts'
import { migrations } from './migrations/index.ts'

/**
 * Brings the schema up to date in one transaction, so that a kill in the middle leaves the old schema.
 * On Postgres several processes may call it at once: Kysely's migrator holds an advisory lock meanwhile.
 * @returns the names of the migrations that were applied now
 */
export async function migrateToLatest(db: Database): Promise<string[]> {
  const { kysely, release } = db.openForMigration()
  try {
    const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } })
    const { error, results } = await migrator.migrateToLatest()
    if (error !== undefined) throw new Error('The database could not be migrated', { cause: error })
    return (results ?? [])
      .filter(({ status }) => status === 'Success')
      .map(({ migrationName }) => migrationName)
  } finally {
    await release()
  }
}

/** Migrations that this version knows and the database does not have yet: all of them on an empty one. */
export async function listPendingMigrations(db: Database): Promise<string[]> {
  const { kysely, release } = db.openForMigration()
  try {
    const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } })
    const known = await migrator.getMigrations()
    return known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
  } finally {
    await release()
  }
}
