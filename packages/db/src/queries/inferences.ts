import { sql } from 'kysely'
import type { Queryable } from '../client.ts'
import { RowBatch } from './batch.ts'

/** One action a model took, in its own units; what drift is measured on. */
export interface Inference {
  strategyId: string
  action: number
  inferredAt: Date
  receivedAt: Date
}

const batch = new RowBatch('inferences', ['strategyId', 'action', 'inferredAt', 'receivedAt'])

export async function insertInferences(db: Queryable, inferences: readonly Inference[]): Promise<void> {
  await batch.insert(db, inferences)
}

/** The last `count` inferences of each strategy, oldest first within a strategy. */
export async function listLastInferences(
  db: Queryable,
  strategyIds: readonly string[],
  count: number,
): Promise<Map<string, Inference[]>> {
  const { rows } = await sql<Inference>`
    select latest.* from unnest(${[...strategyIds]}::text[]) as wanted (strategy_id)
    cross join lateral (
      select seq, strategy_id, action, inferred_at, received_at from inferences i
      where i.strategy_id = wanted.strategy_id order by i.seq desc limit ${count}
    ) latest order by latest.seq`.execute(db)
  const byStrategy = new Map<string, Inference[]>(strategyIds.map((id) => [id, []]))
  for (const { strategyId, action, inferredAt, receivedAt } of rows) {
    byStrategy.get(strategyId)?.push({ strategyId, action, inferredAt, receivedAt })
  }
  return byStrategy
}

export async function countInferencesSince(db: Queryable, strategyId: string, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('inferences')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('strategyId', '=', strategyId)
    .where('inferredAt', '>=', since)
    .executeTakeFirstOrThrow()
  return count
}
