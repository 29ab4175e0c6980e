import {
  insertInferences,
  listLastInferences,
  listModelBaselines,
  listStrategies,
  type ModelBaseline,
  findStrategy,
  upsertModelBaseline,
  appendAudit,
  transaction,
} from '@quantdeck/db'
import { AppError, notFound, type Strategy } from '@quantdeck/domain'
import {
  type ActionBin,
  actionBins,
  driftSeries,
  MODEL_HEALTH_RULES,
  type ModelHealth,
} from '@quantdeck/risk'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { isVisible, mayChangeStrategy, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'

export interface PostedInference {
  strategyId: string
  action: number
  inferredAt: Date | null
}

/** @throws AppError NOT_FOUND, FORBIDDEN; then nothing is stored */
export async function postInferences(
  deps: Deps,
  actor: Actor,
  posted: readonly PostedInference[],
): Promise<number> {
  requireRole(actor, 'trader')
  for (const strategyId of new Set(posted.map((item) => item.strategyId)))
    await requireOwn(deps, actor, strategyId)
  const now = deps.clock.now()
  await insertInferences(
    deps.db.kysely,
    posted.map((item) => ({ ...item, inferredAt: item.inferredAt ?? now, receivedAt: now })),
  )
  return posted.length
}

export async function setBaseline(
  deps: Deps,
  actor: Actor,
  input: { strategyId: string; actions: number[]; note: string | null },
): Promise<{ setAt: Date }> {
  requireRole(actor, 'trader')
  await requireOwn(deps, actor, input.strategyId)
  const setAt = deps.clock.now()
  await transaction(deps.db, async (trx) => {
    await upsertModelBaseline(trx, { ...input, setAt, setBy: actor.label })
    await appendAudit(trx, [
      {
        ...auditFacts(actor, setAt),
        action: 'model.baseline.set',
        entity: 'strategy',
        entityId: input.strategyId,
        before: null,
        after: { action_count: input.actions.length },
        reason: input.note,
      },
    ])
  })
  return { setAt }
}

async function requireOwn(deps: Deps, actor: Actor, strategyId: string): Promise<void> {
  const visible = await visibleStrategyIds(deps, actor)
  const strategy = await findStrategy(deps.db.kysely, strategyId)
  if (!strategy || !isVisible(visible, strategyId)) throw notFound('Strategy')
  if (!mayChangeStrategy(actor, strategy)) {
    throw new AppError('FORBIDDEN', `Only the owner of ${strategyId} or an admin may do this`)
  }
}

export interface ModelReport {
  strategy: Strategy
  health: ModelHealth
}

/** The health of every active model in sight. */
export async function listModelHealth(deps: Deps, actor: Actor): Promise<ModelReport[]> {
  const visible = await visibleStrategyIds(deps, actor)
  const strategies = await listStrategies(deps.db.kysely, { visible, status: 'active' })
  const verdicts = await deps.desk.judgeModels(strategies)
  return strategies.flatMap((strategy) => {
    const health = verdicts.get(strategy.strategyId)
    return health ? [{ strategy, health }] : []
  })
}

export interface ModelDetail extends ModelReport {
  baseline: ModelBaseline | null
  /** How many of the latest actions are judged. */
  judgedActions: number
  bins: ActionBin[]
  drift: { at: Date; kl: number }[]
}

/** How far back the drift is looked at, and at how many moments. */
const DRIFT = { actions: 6_000, points: 60 }

/**
 * What one model did, against what it was trained to do.
 * @throws AppError NOT_FOUND for a strategy out of sight, CONFLICT for one whose signals are its own
 */
export async function getModel(deps: Deps, actor: Actor, strategyId: string): Promise<ModelDetail> {
  const { kysely } = deps.db
  const visible = await visibleStrategyIds(deps, actor)
  const strategy = await findStrategy(kysely, strategyId)
  if (!strategy || !isVisible(visible, strategyId)) throw notFound('Model')
  const health = (await deps.desk.judgeModels([strategy])).get(strategyId)
  if (!health) throw new AppError('CONFLICT', `The signals of ${strategyId} are its own: it has no model`)
  const baseline = (await listModelBaselines(kysely, [strategyId])).get(strategyId) ?? null
  const inferences = (await listLastInferences(kysely, [strategyId], DRIFT.actions)).get(strategyId) ?? []
  const sides = { baseline: baseline?.actions ?? [], actions: inferences.map(({ action }) => action) }
  return {
    strategy,
    health,
    baseline,
    judgedActions: Math.min(inferences.length, MODEL_HEALTH_RULES.window),
    bins: actionBins(sides),
    drift: driftSeries(sides, DRIFT.points).flatMap(({ index, kl }) => {
      const at = inferences[index]?.inferredAt
      return at === undefined ? [] : [{ at, kl }]
    }),
  }
}
