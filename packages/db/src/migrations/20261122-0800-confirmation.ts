import { sql, type Kysely } from 'kysely'

/** Passwords confirmed before dangerous actions, and single-use tickets for the stream. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table sessions add column confirmed_at timestamptz(3)`,
  // Is this an address the user has logged in from? Asked at each login.
  `create index sessions_address on sessions (user_id, ip, created_at desc)`,
  `create table ws_tickets (
    ticket_hash text primary key,
    user_id uuid not null references users,
    session_id uuid references sessions,
    api_key_id uuid references api_keys,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    check (num_nonnulls(session_id, api_key_id) = 1)
  )`,
]
