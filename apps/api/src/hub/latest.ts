import {
  listStrategies,
  sealedColumns,
  toSealedMessage,
  type Queryable,
  type SealedMessage,
} from '@quantdeck/db'

/** The last sealed message of a topic (and key), history included. */
export async function findLatestMessage(
  db: Queryable,
  topic: string,
  key?: string,
): Promise<SealedMessage | null> {
  let query = db.selectFrom('outbox').select(sealedColumns).where('topic', '=', topic)
  if (key !== undefined) query = query.where('key', '=', key)
  const row = await query
    .where('sequence', 'is not', null)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : toSealedMessage(row)
}

/** Each active strategy's latest signal, in the order in which they were given. */
export async function listLatestSignalMessages(db: Queryable): Promise<SealedMessage[]> {
  const messages: SealedMessage[] = []
  for (const { strategyId } of await listStrategies(db, { visible: 'all', status: 'active' })) {
    const latest = await findLatestMessage(db, 'signals', strategyId)
    if (latest !== null) messages.push(latest)
  }
  return messages.sort((a, b) => a.sequence - b.sequence)
}
