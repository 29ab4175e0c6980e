import type { Queryable } from '../client.ts'
import { isAnyOf } from './values.ts'

/** The actions a model is compared with. */
export interface ModelBaseline {
  strategyId: string
  actions: number[]
  setAt: Date
  setBy: string | null
  note: string | null
}

export async function upsertModelBaseline(db: Queryable, baseline: ModelBaseline): Promise<void> {
  const { strategyId: _, ...values } = baseline
  await db
    .insertInto('modelBaselines')
    .values(baseline)
    .onConflict((conflict) => conflict.column('strategyId').doUpdateSet(values))
    .execute()
}

export async function listModelBaselines(
  db: Queryable,
  strategyIds: readonly string[],
): Promise<Map<string, ModelBaseline>> {
  const rows = await db
    .selectFrom('modelBaselines')
    .selectAll()
    .where(isAnyOf('strategyId', strategyIds))
    .execute()
  return new Map(rows.map((row) => [row.strategyId, row]))
}
