import type { JsonValue } from '@quantdeck/domain'
import type { Queryable } from '../client.ts'
import { json } from './values.ts'

export interface IdempotencyReservation {
  principal: string
  key: string
  operation: string
  /** Hash of method, path and body: the same key with another request is refused. */
  requestHash: string
  createdAt: Date
}

export interface IdempotencyRecord extends IdempotencyReservation {
  /** Null while the first request is in progress. */
  status: number | null
  response: JsonValue
}

/** @returns null if the key is ours now, else what the key was used for */
export async function reserveIdempotencyKey(
  db: Queryable,
  reservation: IdempotencyReservation,
): Promise<IdempotencyRecord | null> {
  const inserted = await db
    .insertInto('idempotencyKeys')
    .values(reservation)
    .onConflict((conflict) => conflict.columns(['principal', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  return inserted === undefined ? findIdempotencyKey(db, reservation.principal, reservation.key) : null
}

export async function findIdempotencyKey(
  db: Queryable,
  principal: string,
  key: string,
): Promise<IdempotencyRecord | null> {
  const row = await db
    .selectFrom('idempotencyKeys')
    .selectAll()
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst()
  return row === undefined ? null : { ...row, response: row.response as JsonValue }
}

export async function completeIdempotencyKey(
  db: Queryable,
  key: Pick<IdempotencyReservation, 'principal' | 'key'>,
  outcome: { status: number; response: JsonValue },
): Promise<void> {
  await db
    .updateTable('idempotencyKeys')
    .set({ status: outcome.status, response: json(outcome.response) })
    .where('principal', '=', key.principal)
    .where('key', '=', key.key)
    .execute()
}

/** After a failure that had no effect, so that a retry may try again. */
export async function releaseIdempotencyKey(
  db: Queryable,
  key: Pick<IdempotencyReservation, 'principal' | 'key'>,
): Promise<void> {
  await db
    .deleteFrom('idempotencyKeys')
    .where('principal', '=', key.principal)
    .where('key', '=', key.key)
    .where('status', 'is', null)
    .execute()
}

export async function pruneIdempotencyKeys(db: Queryable, createdBefore: Date): Promise<number> {
  const result = await db
    .deleteFrom('idempotencyKeys')
    .where('createdAt', '<', createdBefore)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
