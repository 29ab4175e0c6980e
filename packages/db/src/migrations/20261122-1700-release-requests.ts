import { sql, type Kysely } from 'kysely'

/** Releases of the kill switch that let a LIVE strategy trade again: asked for by one admin, done by another. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table release_requests (
    approval_id uuid primary key,
    seq bigint generated always as identity unique,
    scope text not null,
    reason text not null,
    status text not null check (status in ('REQUESTED', 'USED', 'EXPIRED', 'REVOKED')),
    held_hash text not null,
    live_strategies jsonb not null,
    requested_by uuid not null references users,
    requested_at timestamptz(3) not null,
    approved_by uuid references users,
    approved_at timestamptz(3),
    revoked_by uuid references users,
    revoked_at timestamptz(3),
    expires_at timestamptz(3) not null,
    check (approved_by <> requested_by),
    check ((status = 'USED') = (approved_at is not null and approved_by is not null)),
    check ((status = 'REVOKED') = (revoked_at is not null))
  )`,
  `create index release_requests_open on release_requests (scope) where status = 'REQUESTED'`,
]
