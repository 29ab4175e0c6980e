import { sql, type Kysely } from 'kysely'

/** Bars once more as packed doubles, for backtests: derived from the rows of `bars`, which stay the truth. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table bar_chunks (
    symbol text not null,
    interval_seconds integer not null check (interval_seconds > 0),
    chunk integer not null,
    packed bytea,
    bar_count integer not null default 0 check (bar_count >= 0),
    version integer not null default 0,
    primary key (symbol, interval_seconds, chunk)
  )`,
  // The bytes hardly compress, and compressing costs more than reading them.
  `alter table bar_chunks alter column packed set storage external`,
  `insert into bar_chunks (symbol, interval_seconds, chunk)
    select distinct symbol, interval_seconds,
      floor(extract(epoch from opened_at) / (interval_seconds::numeric * 8192))::int
    from bars`,
]
