import type { TradingState } from '@quantdeck/domain'
import { sql } from 'kysely'
import type { Queryable, Trx } from '../client.ts'

export type KillSwitchScope = 'global' | `strategy:${string}` | `symbol:${string}`

/** One latch. `cause` is `manual` or the control that fired (drawdown, ...). */
export interface KillSwitch {
  scope: KillSwitchScope
  level: TradingState
  cause: string
  reason: string
  activatedAt: Date | null
  activatedBy: string | null
  deactivatedAt: Date | null
  deactivatedBy: string | null
  updatedAt: Date
}

export async function listKillSwitches(db: Queryable): Promise<KillSwitch[]> {
  const rows = await db.selectFrom('killSwitches').selectAll().orderBy('scope').execute()
  return rows.map((row) => ({ ...row, scope: row.scope as KillSwitchScope }))
}

/**
 * All rows, locked. `share` for an order submission: it lets other submissions by and makes an activation wait
 * for them, so after an acknowledged activation nothing leaves. A scope without a row is guarded by the account
 * lock: an activation bumps every account's version (see accounts.ts).
 */
export async function lockKillSwitches(trx: Trx, lock: 'share' | 'update'): Promise<KillSwitch[]> {
  const query = trx.selectFrom('killSwitches').selectAll().orderBy('scope')
  const rows = await (lock === 'share' ? query.forShare() : query.forUpdate()).execute()
  return rows.map((row) => ({ ...row, scope: row.scope as KillSwitchScope }))
}

/** One scope's row, locked against a concurrent change of the same scope, even before the row exists. */
export async function lockKillSwitch(trx: Trx, scope: KillSwitchScope): Promise<KillSwitch | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`kill_switch:${scope}`}, 0))`.execute(trx)
  const row = await trx
    .selectFrom('killSwitches')
    .selectAll()
    .where('scope', '=', scope)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : { ...row, scope }
}

export async function upsertKillSwitch(db: Queryable, killSwitch: KillSwitch): Promise<void> {
  const { scope: _, ...values } = killSwitch
  await db
    .insertInto('killSwitches')
    .values(killSwitch)
    .onConflict((conflict) => conflict.column('scope').doUpdateSet(values))
    .execute()
}
