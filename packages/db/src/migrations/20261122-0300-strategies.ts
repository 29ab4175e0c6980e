import { sql, type Kysely } from 'kysely'

/** Accounts, strategies with their history and limits, signals, model telemetry. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table accounts (
    mode text primary key check (mode in ('PAPER', 'LIVE')),
    currency text not null,
    initial_capital numeric not null check (initial_capital >= 0),
    version bigint not null default 0 check (version >= 0),
    created_at timestamptz(3) not null
  )`,
  `create table strategies (
    strategy_id text primary key check (length(strategy_id) between 1 and 64),
    seq bigint generated always as identity unique,
    name text not null,
    description text not null default '',
    status text not null check (status in ('active', 'inactive')),
    mode text not null check (mode in ('BACKTEST', 'PAPER', 'LIVE')),
    owner_id uuid references users,
    is_public boolean not null default false,
    universe text[] not null default '{}',
    max_positions integer not null check (max_positions > 0),
    allocated_capital numeric not null check (allocated_capital >= 0),
    config jsonb not null default '{}' check (jsonb_typeof(config) = 'object'),
    version integer not null default 1 check (version > 0),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    updated_by text
  )`,
  `create index strategies_owner on strategies (owner_id)`,
  `create table strategy_history (
    strategy_id text not null references strategies,
    version integer not null check (version > 0),
    before jsonb,
    after jsonb not null,
    reason text,
    changed_by text not null,
    changed_at timestamptz(3) not null,
    primary key (strategy_id, version)
  )`,
  `create table strategy_shares (
    strategy_id text not null references strategies,
    user_id uuid not null references users,
    primary key (strategy_id, user_id)
  )`,
  `create index strategy_shares_user on strategy_shares (user_id)`,
  `create table strategy_limits (
    strategy_id text primary key references strategies,
    limits jsonb not null,
    updated_at timestamptz(3) not null,
    updated_by text
  )`,
  `create table global_limits (
    id integer primary key check (id = 1),
    limits jsonb not null,
    updated_at timestamptz(3) not null,
    updated_by text
  )`,
  `create table signals (
    signal_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    strategy_id text not null references strategies,
    symbol text not null,
    signal text not null check (signal in ('LONG', 'SHORT', 'HOLD', 'CLOSE')),
    side text not null check (side in ('buy', 'sell', 'hold')),
    confidence double precision not null check (confidence between 0 and 1),
    size double precision not null check (size between 0 and 1),
    entry_price numeric check (entry_price > 0),
    stop_loss numeric check (stop_loss > 0),
    take_profit numeric check (take_profit > 0),
    risk_usd numeric not null check (risk_usd >= 0),
    reasoning text not null default '',
    signal_at timestamptz(3) not null,
    received_at timestamptz(3) not null,
    client_signal_id text,
    outcome text not null check (outcome in ('ORDERS', 'NO_ACTION', 'REFUSED', 'RECORDED')),
    outcome_reasons jsonb not null default '[]',
    order_ids uuid[] not null default '{}',
    source text not null,
    unique (strategy_id, client_signal_id)
  )`,
  `create index signals_by_strategy on signals (strategy_id, signal_at desc, seq desc)`,
  `create index signals_recent on signals (signal_at desc, seq desc)`,
  `create table inferences (
    seq bigint generated always as identity primary key,
    strategy_id text not null references strategies,
    action double precision not null check (action not in ('NaN', 'Infinity', '-Infinity')),
    inferred_at timestamptz(3) not null,
    received_at timestamptz(3) not null
  )`,
  `create index inferences_by_strategy on inferences (strategy_id, seq desc)`,
  `create table model_baselines (
    strategy_id text primary key references strategies,
    actions double precision[] not null,
    set_at timestamptz(3) not null,
    set_by text,
    note text
  )`,
]
