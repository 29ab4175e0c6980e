import { sql, type Kysely } from 'kysely'

/** Rules for alerts, webhooks and their deliveries, and the audit log's grants. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const kinds = `'kill_switch', 'drawdown_warning', 'daily_loss', 'cooldown', 'feed_stale',
  'reconciliation_mismatch', 'model_health', 'bad_bars', 'login_anomaly', 'refresh_reuse', 'other'`
const severities = `'INFO', 'WARNING', 'ERROR', 'CRITICAL'`

const statements = [
  `alter table alerts
    add column kind text not null default 'other' check (kind in (${kinds})),
    add column subject text not null default '',
    add column dispatched_at timestamptz(3),
    add column repeat_count integer not null default 0 check (repeat_count >= 0),
    add column last_repeated_at timestamptz(3),
    add column escalated_at timestamptz(3),
    add column resolved_at timestamptz(3)`,
  // What was raised before there was a way to tell anybody stays as it was.
  `update alerts set dispatched_at = created_at, resolved_at = created_at, subject = code, kind = case
    when code like 'KILL\\_SWITCH\\_%' then 'kill_switch'
    when code like 'DRAWDOWN\\_%' then 'drawdown_warning'
    when code like 'DAILY\\_LOSS\\_%' then 'daily_loss'
    when code like 'COOLDOWN\\_%' then 'cooldown'
    when code like 'FEED\\_%' then 'feed_stale'
    when code in ('LATE_FILL', 'UNKNOWN_FILL', 'OVERFILL') then 'reconciliation_mismatch'
    when code like 'MODEL\\_%' then 'model_health'
    when code like 'BAD\\_BAR%' or code like 'PRICE\\_LEVEL\\_%' then 'bad_bars'
    when code like 'REFRESH\\_TOKEN\\_%' then 'refresh_reuse'
    else 'other' end`,
  `create index alerts_undispatched on alerts (seq) where dispatched_at is null`,
  `create index alerts_unresolved on alerts (seq) where resolved_at is null`,
  `create index alerts_unescalated on alerts (created_at) where not acknowledged and escalated_at is null`,
  `create index alerts_by_subject on alerts (subject, created_at desc)`,
  `create table webhooks (
    webhook_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    name text not null,
    format text not null check (format in ('json', 'slack', 'telegram')),
    url_sealed text not null,
    url_hint text not null,
    chat_id text,
    secret_sealed text not null,
    previous_secret_sealed text,
    previous_secret_until timestamptz(3),
    min_severity text not null check (min_severity in (${severities})),
    kinds text[],
    events text[] not null,
    is_enabled boolean not null,
    disabled_reason text,
    created_at timestamptz(3) not null,
    created_by text not null,
    updated_at timestamptz(3) not null,
    check ((format = 'telegram') = (chat_id is not null)),
    check (previous_secret_sealed is null or previous_secret_until is not null)
  )`,
  `create table webhook_deliveries (
    delivery_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    webhook_id uuid not null references webhooks on delete cascade,
    alert_id uuid references alerts,
    event text not null,
    occurrence integer not null,
    payload jsonb not null,
    status text not null check (status in ('PENDING', 'DELIVERED', 'FAILED')),
    attempts integer not null default 0 check (attempts >= 0),
    next_attempt_at timestamptz(3) not null,
    lease_id uuid,
    leased_until timestamptz(3),
    last_status integer,
    last_error text,
    created_at timestamptz(3) not null,
    finished_at timestamptz(3),
    check ((status = 'PENDING') = (finished_at is null))
  )`,
  // The same thing happens to an alert once: however many processes see it, a receiver is told once.
  `create unique index webhook_deliveries_once on webhook_deliveries (webhook_id, alert_id, event, occurrence)
    where alert_id is not null`,
  `create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where status = 'PENDING'`,
  `create index webhook_deliveries_waiting on webhook_deliveries (webhook_id, alert_id, seq)
    where status = 'PENDING'`,
  `create index webhook_deliveries_log on webhook_deliveries (webhook_id, seq desc)`,
  `create table webhook_attempts (
    delivery_id uuid not null references webhook_deliveries on delete cascade,
    attempt integer not null check (attempt > 0),
    at timestamptz(3) not null,
    duration_ms integer not null check (duration_ms >= 0),
    status integer,
    error text,
    primary key (delivery_id, attempt)
  )`,
  `create table alert_rules (
    rule_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    kind text not null check (kind in (${kinds})),
    strategy_id text references strategies on delete cascade,
    is_enabled boolean not null,
    severity text check (severity in (${severities})),
    threshold numeric check (threshold > 0),
    dedupe_minutes integer check (dedupe_minutes > 0),
    repeat_minutes integer check (repeat_minutes > 0),
    escalate_minutes integer check (escalate_minutes > 0),
    escalate_webhook_id uuid references webhooks on delete set null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    updated_by text not null,
    unique nulls not distinct (kind, strategy_id),
    check (kind not in ('kill_switch', 'refresh_reuse') or (is_enabled and severity is null and dedupe_minutes is null))
  )`,
  `insert into alert_rules (kind, is_enabled, threshold, dedupe_minutes, repeat_minutes, escalate_minutes,
      created_at, updated_at, updated_by)
    select kind, true, threshold, dedupe_minutes, repeat_minutes, escalate_minutes, at, at, 'quantdeck'
    from (values
      ('kill_switch', null::numeric, null::integer, 15, 10),
      ('drawdown_warning', null, null, null, null),
      ('daily_loss', null, null, null, null),
      ('cooldown', null, null, null, null),
      ('feed_stale', null, null, null, null),
      ('reconciliation_mismatch', null, null, 30, 15),
      ('model_health', null, null, null, null),
      ('bad_bars', null, null, null, null),
      ('login_anomaly', 5, 15, null, null),
      ('refresh_reuse', null, null, null, 15),
      ('other', null, null, null, null)
    ) as given (kind, threshold, dedupe_minutes, repeat_minutes, escalate_minutes),
    (select timestamptz '2026-11-22 00:00:00Z' as at) as start`,
  // Not even the owner of the table changes it by mistake: the sealer writes its three columns and nothing else.
  // A superuser is above grants; the trigger holds for it as well, and the chain tells whatever was done around both.
  `revoke update, delete, truncate on audit_log from public`,
  `do $$ begin
    execute format('revoke update, delete, truncate on audit_log from %I', current_user);
    execute format('grant update (sealed_seq, prev_hash, hash) on audit_log to %I', current_user);
  end $$`,
]
