import { sql, type Kysely } from 'kysely'

/** Protective orders that rest at the broker in pairs, and orders that wait until those have gone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table orders add column oco_group_id text`,
  `alter table orders add column is_held boolean not null default false`,
  // A held order has never left.
  `alter table orders add constraint orders_held check (not is_held or (status = 'PENDING' and not in_doubt))`,
]
