import type { JsonValue } from '@quantdeck/domain'
import { type RawBuilder, sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { OutboxTable } from '../schema/outbox.ts'
import { RowBatch } from './batch.ts'
import { given, isAnyOf } from './values.ts'

/** A message about a change, written in the change's own transaction. */
export interface NewOutboxMessage {
  topic: string
  /** What it is about (a strategy id, a symbol): subscribers filter and conflate by it. */
  key: string | null
  payload: JsonValue
  createdAt: Date
  /** False for history: sealed, replayable, but not pushed. */
  push: boolean
}

/** A message in its place in the stream. */
export interface SealedMessage extends NewOutboxMessage {
  sequence: number
  sealedAt: Date
}

export type SealedRow = Pick<
  Selectable<OutboxTable>,
  'topic' | 'key' | 'payload' | 'createdAt' | 'push' | 'sequence' | 'sealedAt'
>

export const sealedColumns = ['topic', 'key', 'payload', 'createdAt', 'push', 'sequence', 'sealedAt'] as const

export function toSealedMessage(row: SealedRow): SealedMessage {
  if (row.sequence === null || row.sealedAt === null) throw new Error('an unsealed outbox row has no place')
  return { ...row, payload: row.payload as JsonValue, sequence: row.sequence, sealedAt: row.sealedAt }
}

const batch = new RowBatch('outbox', ['topic', 'key', 'payload', 'createdAt', 'push'])

/** In the order given. Subscribers see them after the sealer numbered them, once the transaction is committed. */
export async function appendOutbox(db: Queryable, messages: readonly NewOutboxMessage[]): Promise<void> {
  await batch.insert(db, messages)
}

/** The same as a part of a larger statement. */
export function outboxInsertion(messages: readonly NewOutboxMessage[]): RawBuilder<unknown> {
  return batch.insertion(messages)
}

/** Messages after a sequence, in order: the replay of a subscriber that comes back. */
export async function listOutboxSince(
  db: Queryable,
  afterSequence: number,
  options: { limit: number; topics?: readonly string[]; pushedOnly?: boolean },
): Promise<SealedMessage[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(sealedColumns)
    .where('sequence', '>', afterSequence)
    .where((eb) =>
      eb.and([
        ...given(options.topics, (topics) => isAnyOf('topic', topics)),
        ...(options.pushedOnly === true ? [eb('push', '=', true)] : []),
      ]),
    )
    .orderBy('sequence')
    .limit(options.limit)
    .execute()
  return rows.map(toSealedMessage)
}

/** The sealed stream's ends: `oldest` is null when nothing is kept. */
export async function getOutboxRange(db: Queryable): Promise<{ oldest: number | null; head: number }> {
  const { rows } = await sql<{ oldest: number | null; head: number }>`
    select (select min(sequence) from outbox) as oldest,
      (select sequence from sealer_heads where stream = 'outbox') as head`.execute(db)
  return rows[0] ?? { oldest: null, head: 0 }
}

export async function countUnsealedOutbox(db: Queryable): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('sequence', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

/** Forgets sealed messages older than the retention, at most `limit` at a time. @returns how many */
export async function pruneOutbox(db: Queryable, sealedBefore: Date, limit = 10_000): Promise<number> {
  const result = await sql`delete from outbox where outbox_id in (
    select outbox_id from outbox where sequence is not null and sealed_at < ${sealedBefore}
    order by sequence limit ${limit}
  )`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}
