import type { TradingState } from '@quantdeck/domain'
import { sql } from 'kysely'
import type { Database, Queryable, Trx } from '../client.ts'
import { transaction } from '../transaction.ts'

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

/** One number for the whole installation: who sends orders holds it shared, who has stopped trading waits for all of those. */
const SENDS = sql`hashtextextended('quantdeck:sends', 0)`

/**
 * Holds the lock of sends on a connection of its own, until `until` resolves. Resolves once it is held; the work that it
 * guards runs outside of its transaction. Postgres only: an embedded database has one process.
 */
export async function holdSends(db: Database, until: Promise<void>): Promise<{ ended: Promise<void> }> {
  const { promise: held, resolve, reject } = Promise.withResolvers<void>()
  const ended = transaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock_shared(${SENDS})`.execute(trx)
    resolve()
    await until
  })
  // Before it is held, `held` tells; afterwards a lost connection has ended the lock with it.
  ended.catch(reject)
  await held
  return { ended: ended.catch(() => {}) }
}

/** Resolves when nobody holds it any more who held it before. */
export async function waitForSends(db: Database): Promise<void> {
  await transaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(${SENDS})`.execute(trx)
  })
}
