import { sql, type Kysely } from 'kysely'

/** Sweeps and walk-forward studies: many backtests under one request. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table studies (
    study_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    kind text not null check (kind in ('SWEEP', 'WALK_FORWARD')),
    strategy_id text not null references strategies,
    status text not null check (status in ('RUNNING', 'COMPLETED', 'FAILED')),
    request jsonb not null,
    cells_total integer not null check (cells_total > 0),
    cells_done integer not null default 0 check (cells_done between 0 and cells_total),
    result jsonb,
    error text,
    phase text not null default 'queued',
    attempt integer not null default 0 check (attempt >= 0),
    fencing_token uuid,
    estimated_completion timestamptz(3),
    created_by text,
    created_at timestamptz(3) not null,
    completed_at timestamptz(3),
    cancel_requested_at timestamptz(3),
    check ((status = 'RUNNING') = (completed_at is null)),
    check ((status = 'FAILED') = (error is not null))
  )`,
  `create index studies_recent on studies (kind, created_at desc, seq desc)`,
  `create index studies_by_strategy on studies (strategy_id, kind, created_at desc, seq desc)`,
  `create index studies_running on studies (created_at) where status = 'RUNNING'`,
]
