import { sql } from 'kysely'
import type { Queryable } from '../client.ts'

/** One round trip. @throws when the database does not answer within the pool's limits */
export async function pingDatabase(db: Queryable): Promise<void> {
  await sql`select 1`.execute(db)
}
