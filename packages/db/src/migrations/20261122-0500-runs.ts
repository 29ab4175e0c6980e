import { sql, type Kysely } from 'kysely'

/** Backtests and PAPER/LIVE sessions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table runs (
    run_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    strategy_id text not null references strategies,
    run_type text not null check (run_type in ('BACKTEST', 'PAPER', 'LIVE')),
    status text not null check (status in ('RUNNING', 'COMPLETED', 'FAILED')),
    start_date date not null,
    end_date date,
    initial_capital numeric not null check (initial_capital > 0),
    params jsonb not null default '{}',
    metrics jsonb,
    total_return double precision,
    sharpe_ratio double precision,
    max_drawdown double precision check (max_drawdown <= 0),
    total_trades integer check (total_trades >= 0),
    error text,
    progress double precision not null default 0 check (progress between 0 and 1),
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
  `create index runs_recent on runs (created_at desc, seq desc)`,
  `create index runs_by_strategy on runs (strategy_id, created_at desc, seq desc)`,
  `create index runs_running on runs (run_type, created_at) where status = 'RUNNING'`,
  `create unique index runs_open_session on runs (strategy_id)
    where status = 'RUNNING' and run_type <> 'BACKTEST'`,
  `create table run_results (
    run_id uuid primary key references runs,
    metrics jsonb not null,
    equity_curve jsonb not null,
    trades jsonb not null,
    assumptions jsonb not null,
    data_hash text not null
  )`,
]
