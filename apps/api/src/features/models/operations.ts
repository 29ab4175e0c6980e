import {
  insertInferences,
  listLastInferences,
  listModelBaselines,
  listStrategies,
  listTrades,
  findStrategy,
  upsertModelBaseline,
  appendAudit,
  transaction,
} from '@quantdeck/db'
import { AppError, notFound, type Strategy } from '@quantdeck/domain'
import { type ModelHealth, modelHealth } from '@quantdeck/risk'
import { REFERENCE_MODEL_TYPES } from '@quantdeck/backtest'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { isVisible, mayChangeStrategy, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { tradeReturn } from '../performance/metrics.ts'

export interface PostedInference {
  strategyId: string
  action: number
  inferredAt: Date | null
}

/** Only strategies whose signals come from outside have a model. */
export function hasModel(strategy: Strategy): boolean {
  const type = strategy.config['model_type']
  return !(typeof type === 'string' && (REFERENCE_MODEL_TYPES as readonly string[]).includes(type))
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

const JUDGED_ACTIONS = 100
const JUDGED_TRADES = 50
/** A verdict costs about 10 ms; the same evidence gives the same verdict. */
const verdicts = new Map<string, { evidence: string; health: ModelHealth }>()

/** The health of every active model in sight. */
export async function listModelHealth(deps: Deps, actor: Actor): Promise<ModelReport[]> {
  const visible = await visibleStrategyIds(deps, actor)
  const { kysely } = deps.db
  const models = (await listStrategies(kysely, { visible, status: 'active' })).filter(hasModel)
  const ids = models.map((model) => model.strategyId)
  const baselines = await listModelBaselines(kysely, ids)
  const inferences = await listLastInferences(kysely, ids, JUDGED_ACTIONS)
  const reports: ModelReport[] = []
  for (const strategy of models) {
    const { strategyId } = strategy
    const trades = await listTrades(kysely, { visible, strategyId }, { limit: JUDGED_TRADES, offset: 0 })
    const actions = inferences.get(strategyId) ?? []
    const baseline = baselines.get(strategyId)
    const last = actions.at(-1)?.inferredAt.getTime() ?? null
    const evidence = [
      last,
      actions.length,
      trades[0]?.positionId,
      trades.length,
      baseline?.setAt.getTime(),
    ].join('|')
    reports.push({
      strategy,
      health: judged(strategyId, evidence, () =>
        modelHealth({
          baseline: baseline?.actions ?? [],
          actions: actions.map((inference) => inference.action),
          tradeReturns: trades.map((trade) => tradeReturn(trade)).reverse(),
          lastInferenceAt: last,
          registeredAt: strategy.createdAt.getTime(),
        }),
      ),
    })
  }
  return reports
}

function judged(strategyId: string, evidence: string, judge: () => ModelHealth): ModelHealth {
  const known = verdicts.get(strategyId)
  if (known?.evidence === evidence) return known.health
  const health = judge()
  verdicts.set(strategyId, { evidence, health })
  return health
}
