import { sql, type Kysely } from 'kysely'

/** What a confirmed flatten set out to close; how far it is, the orders and positions tell. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table flattens (
    flatten_id uuid not null,
    mode text not null check (mode in ('PAPER', 'LIVE')),
    scope text not null,
    reason text not null,
    started_by text not null,
    started_at timestamptz(3) not null,
    positions jsonb not null,
    primary key (flatten_id, mode)
  )`,
  `create index flattens_recent on flattens (scope, started_at desc)`,
]
