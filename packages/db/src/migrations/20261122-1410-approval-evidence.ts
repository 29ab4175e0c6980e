import { sql, type Kysely } from 'kysely'

/** What an approval was asked for on, and who took it back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table approvals
        add column evidence jsonb,
        add column revoked_at timestamptz(3),
        add column revoked_by uuid references users,
        add constraint approvals_revoked check ((revoked_at is null or status = 'REVOKED')
          and (revoked_by is null or revoked_at is not null))`,
    )
    .execute(db)
}
