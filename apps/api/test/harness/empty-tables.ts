import type { Database } from '@quantdeck/db'

const DEADLOCK = '40P01'

/** Empties tables beside a server whose rounds read them: one of the two gives way, and it may be this one. */
export async function emptyTables(db: Database, tables: readonly string[]): Promise<void> {
  for (;;) {
    try {
      await db.executeSql(`truncate ${tables.join(', ')} cascade`)
      return
    } catch (error) {
      if ((error as { code?: unknown }).code !== DEADLOCK) throw error
    }
  }
}
