import { sql, type Kysely } from 'kysely'

/** The append-only audit log, the outbox, and the heads up to which the sealer has come. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const auditFacts = `audit_id, seq, at, actor_id, actor_label, role, action, entity, entity_id, before, after,
  reason, request_id, ip`
const facts = (row: 'old' | 'new') =>
  auditFacts
    .split(',')
    .map((column) => `${row}.${column.trim()}`)
    .join(', ')

const statements = [
  `create table audit_log (
    audit_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    at timestamptz(3) not null,
    actor_id text,
    actor_label text not null,
    role text,
    action text not null,
    entity text not null,
    entity_id text,
    before jsonb,
    after jsonb,
    reason text,
    request_id text,
    ip text,
    sealed_seq bigint unique check (sealed_seq > 0),
    prev_hash text,
    hash text,
    check ((sealed_seq is null) = (hash is null) and (sealed_seq is null) = (prev_hash is null))
  )`,
  `create index audit_log_unsealed on audit_log (seq) where sealed_seq is null`,
  `create index audit_log_by_entity on audit_log (entity, entity_id, seq desc)`,
  `create index audit_log_by_action on audit_log (action, seq desc)`,
  `create function audit_log_guard() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and old.sealed_seq is null and new.sealed_seq is not null
       and (${facts('old')}) is not distinct from (${facts('new')}) then
      return new;
    end if;
    raise exception 'audit_log is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
  end $$`,
  `create trigger audit_log_rows before update or delete on audit_log
    for each row execute function audit_log_guard()`,
  `create trigger audit_log_truncate before truncate on audit_log
    for each statement execute function audit_log_guard()`,
  `create table outbox (
    outbox_id bigint generated always as identity primary key,
    topic text not null,
    key text,
    payload jsonb not null,
    created_at timestamptz(3) not null,
    push boolean not null default true,
    sequence bigint unique check (sequence > 0),
    sealed_at timestamptz(3)
  )`,
  `create index outbox_unsealed on outbox (outbox_id) where sequence is null`,
  `create index outbox_by_topic on outbox (topic, sequence)`,
  `create table sealer_heads (
    stream text primary key check (stream in ('outbox', 'audit')),
    sequence bigint not null default 0 check (sequence >= 0),
    hash text not null default ''
  )`,
  `insert into sealer_heads (stream) values ('outbox'), ('audit')`,
]
