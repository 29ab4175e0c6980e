import { sql, type Kysely } from 'kysely'

/** Alerts, risk events and states, kill switches, approvals. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table alerts (
    alert_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    severity text not null check (severity in ('INFO', 'WARNING', 'ERROR', 'CRITICAL')),
    code text not null,
    message text not null,
    context jsonb not null default '{}',
    strategy_id text,
    dedupe_key text,
    acknowledged boolean not null default false,
    acknowledged_at timestamptz(3),
    acknowledged_by text,
    created_at timestamptz(3) not null,
    check (acknowledged = (acknowledged_at is not null))
  )`,
  `create index alerts_recent on alerts (created_at desc, seq desc)`,
  `create index alerts_by_severity on alerts (severity, created_at desc, seq desc)`,
  `create index alerts_open on alerts (created_at desc, seq desc) where not acknowledged`,
  `create unique index alerts_dedupe on alerts (dedupe_key) where dedupe_key is not null`,
  `create table risk_events (
    seq bigint generated always as identity primary key,
    scope text not null,
    at timestamptz(3) not null,
    type text not null,
    payload jsonb not null
  )`,
  `create index risk_events_by_scope on risk_events (scope, seq)`,
  `create table risk_states (
    scope text primary key,
    state jsonb not null,
    last_seq bigint not null check (last_seq >= 0)
  )`,
  `create table kill_switches (
    scope text primary key check (scope ~ '^(global|strategy:.+|symbol:.+)$'),
    level text not null check (level in ('ACTIVE', 'REDUCING', 'HALTED')),
    cause text not null,
    reason text not null,
    activated_at timestamptz(3),
    activated_by text,
    deactivated_at timestamptz(3),
    deactivated_by text,
    updated_at timestamptz(3) not null,
    check (level = 'ACTIVE' or activated_at is not null)
  )`,
  `create table approvals (
    approval_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    strategy_id text not null references strategies,
    from_mode text not null check (from_mode in ('BACKTEST', 'PAPER', 'LIVE')),
    to_mode text not null check (to_mode in ('BACKTEST', 'PAPER', 'LIVE')),
    reason text not null,
    status text not null check (status in ('REQUESTED', 'APPROVED', 'USED', 'EXPIRED', 'REVOKED')),
    config_hash text not null,
    code_hash text,
    wrong_tries integer not null default 0 check (wrong_tries >= 0),
    requested_by uuid not null references users,
    requested_at timestamptz(3) not null,
    approved_by uuid references users,
    approved_at timestamptz(3),
    used_at timestamptz(3),
    expires_at timestamptz(3) not null,
    check (from_mode <> to_mode),
    check (approved_by <> requested_by),
    check (status not in ('APPROVED', 'USED') or (approved_by is not null and code_hash is not null)),
    check ((status = 'USED') = (used_at is not null))
  )`,
  `create index approvals_by_strategy on approvals (strategy_id, seq desc)`,
]
