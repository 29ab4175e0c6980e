import { REFERENCE_MODEL_TYPES } from '@quantdeck/backtest'
import {
  listInstruments,
  listLastInferences,
  listModelBaselines,
  listTrades,
  type Queryable,
} from '@quantdeck/db'
import type { Strategy } from '@quantdeck/domain'
import {
  isLongSilence,
  type ModelEvidence,
  type ModelHealth,
  modelHealth,
  MODEL_HEALTH_RULES,
} from '@quantdeck/risk'
import { silenceOf } from './model-silence.ts'
import { tradeReturn } from './valuation.ts'

/** Only strategies whose signals come from outside have a model. */
function hasModel(strategy: Strategy): boolean {
  const type = strategy.config['model_type']
  return !(typeof type === 'string' && (REFERENCE_MODEL_TYPES as readonly string[]).includes(type))
}

interface Verdict {
  evidence: string
  health: ModelHealth
}

/** The health of models. A verdict costs about 10 ms, so it is kept until there is new evidence. */
export class ModelVerdicts {
  readonly #known = new Map<string, Verdict>()

  /** By strategy id; strategies without a model are left out. */
  async of(db: Queryable, strategies: readonly Strategy[], at: Date): Promise<Map<string, ModelHealth>> {
    const models = strategies.filter(hasModel)
    const ids = models.map((model) => model.strategyId)
    const baselines = await listModelBaselines(db, ids)
    const inferences = await listLastInferences(db, ids, MODEL_HEALTH_RULES.window)
    const instruments = new Map((await listInstruments(db)).map((one) => [one.symbol, one]))
    const verdicts = new Map<string, ModelHealth>()
    for (const strategy of models) {
      const { strategyId } = strategy
      const actions = inferences.get(strategyId) ?? []
      const baseline = baselines.get(strategyId)
      const trades = await listTrades(db, { visible: 'all', strategyId }, MODEL_HEALTH_RULES.sharpe.window)
      const lastInferenceAt = actions.at(-1)?.inferredAt.getTime() ?? null
      const silence = silenceOf(strategy, lastInferenceAt, { instruments, at })
      const evidence = [
        lastInferenceAt,
        silence !== null && isLongSilence(silence),
        trades[0]?.positionId,
        baseline?.setAt.getTime(),
        ...actions.map((inference) => inference.action),
      ].join('|')
      verdicts.set(
        strategyId,
        this.#judge(strategyId, evidence, () => ({
          baseline: baseline?.actions ?? [],
          actions: actions.map((inference) => inference.action),
          tradeReturns: trades.map((trade) => tradeReturn(trade, instruments)).reverse(),
          lastInferenceAt,
          registeredAt: strategy.createdAt.getTime(),
          silence,
        })),
      )
    }
    return verdicts
  }

  #judge(strategyId: string, evidence: string, collect: () => ModelEvidence): ModelHealth {
    const known = this.#known.get(strategyId)
    if (known?.evidence === evidence) return known.health
    const health = modelHealth(collect())
    this.#known.set(strategyId, { evidence, health })
    return health
  }
}
