import { sql, type Kysely } from 'kysely'

/** People, their sessions and keys, idempotency, settings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table users (
    user_id uuid primary key default gen_random_uuid(),
    email text not null unique check (email = lower(email) and email <> ''),
    name text not null default '',
    password_hash text not null,
    role text not null check (role in ('viewer', 'trader', 'risk', 'admin')),
    status text not null default 'active' check (status in ('active', 'disabled')),
    token_version integer not null default 0 check (token_version >= 0),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null
  )`,
  `create table sessions (
    session_id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users,
    kind text not null check (kind in ('browser', 'token')),
    created_at timestamptz(3) not null,
    last_seen_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    revoked_at timestamptz(3),
    ip text,
    user_agent text
  )`,
  `create index sessions_user on sessions (user_id, created_at desc)`,
  `create table refresh_tokens (
    token_hash text primary key,
    session_id uuid not null references sessions,
    parent_hash text,
    status text not null check (status in ('ACTIVE', 'ROTATED', 'REVOKED')),
    issued_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    rotated_at timestamptz(3),
    successor_sealed text
  )`,
  `create index refresh_tokens_session on refresh_tokens (session_id)`,
  `create table login_links (
    token_hash text primary key,
    user_id uuid not null references users,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    used_at timestamptz(3)
  )`,
  `create table api_keys (
    api_key_id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users,
    name text not null,
    prefix text not null,
    key_hash text not null unique,
    scopes text[] not null check (scopes <@ array['read', 'signals', 'orders', 'market_data', 'admin']),
    strategy_ids text[],
    ip_allow_list text[],
    created_at timestamptz(3) not null,
    expires_at timestamptz(3),
    last_used_at timestamptz(3),
    revoked_at timestamptz(3)
  )`,
  `create index api_keys_user on api_keys (user_id, created_at desc)`,
  `create table idempotency_keys (
    principal text not null,
    key text not null,
    operation text not null,
    request_hash text not null,
    status integer check (status between 100 and 599),
    response jsonb,
    created_at timestamptz(3) not null,
    primary key (principal, key)
  )`,
  `create index idempotency_keys_age on idempotency_keys (created_at)`,
  `create table settings (
    key text primary key,
    value jsonb not null,
    updated_at timestamptz(3) not null
  )`,
]
