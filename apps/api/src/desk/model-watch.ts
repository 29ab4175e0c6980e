import { type Database, listStrategies } from '@quantdeck/db'
import { formatInstant, type Strategy, utcDay } from '@quantdeck/domain'
import type { ModelHealth } from '@quantdeck/risk'
import type { NewAlert } from './changes.ts'
import type { Desk } from './desk.ts'

/** Judges every active model by its last actions, so that R25 knows, and tells when one turns critical or falls silent. */
export class ModelWatch {
  readonly #desk: Desk
  readonly #db: Database
  /** What was told of each model and holds still; the database knows it as well, this only saves asking. */
  readonly #told = new Map<string, string>()

  constructor(desk: Desk, db: Database) {
    this.#desk = desk
    this.#db = db
  }

  async check(): Promise<void> {
    const strategies = await listStrategies(this.#db.kysely, { visible: 'all', status: 'active' })
    const verdicts = await this.#desk.judgeModels(strategies)
    const news = strategies.flatMap((strategy) => {
      const health = verdicts.get(strategy.strategyId)
      return health ? [this.#critical(strategy, health), this.#silent(strategy, health)] : []
    })
    const found = news.filter((alert) => alert !== null)
    if (found.length === 0) return
    await this.#desk.run('PAPER', (ctx) => {
      for (const alertAt of found) ctx.changes.alerts.push(alertAt(ctx.at))
    })
  }

  /** At most once a day for a model, however often it turns. */
  #critical(strategy: Strategy, health: ModelHealth) {
    const isCritical = health.conclusive && health.status === 'critical'
    return this.#isNews(`critical ${strategy.strategyId}`, isCritical ? 'yes' : null)
      ? (at: Date) => criticalAlert(strategy, health, at)
      : null
  }

  /** Once for an outage, which is named by the last sign of life before it. */
  #silent(strategy: Strategy, health: ModelHealth) {
    const outage = health.silent ? String(health.lastInferenceAt) : null
    return this.#isNews(`silent ${strategy.strategyId}`, outage)
      ? (at: Date) => silentAlert(strategy, health, at)
      : null
  }

  #isNews(about: string, state: string | null): boolean {
    const isNews = state !== null && this.#told.get(about) !== state
    if (state === null) this.#told.delete(about)
    else this.#told.set(about, state)
    return isNews
  }
}

function criticalAlert({ strategyId }: Strategy, health: ModelHealth, at: Date): NewAlert {
  return {
    severity: 'ERROR',
    code: 'MODEL_CRITICAL',
    message: `The model of ${strategyId} is critical: ${health.details.join('; ')}. Its entries are refused`,
    context: { strategy_id: strategyId, kl: health.kl, p_value: health.pValue, stuck: health.stuck },
    strategyId,
    createdAt: at,
    dedupeKey: `MODEL_CRITICAL:${strategyId}:${utcDay(at)}`,
  }
}

function silentAlert({ strategyId, config }: Strategy, { lastInferenceAt }: ModelHealth, at: Date): NewAlert {
  const interval = Number(config['inference_interval_seconds'])
  return {
    severity: 'WARNING',
    code: 'MODEL_SILENT',
    message: `The model of ${strategyId} is silent: no inference for three times the ${interval} s that it declares`,
    context: {
      strategy_id: strategyId,
      last_inference: formatInstant(new Date(lastInferenceAt)),
      inference_interval_seconds: interval,
    },
    strategyId,
    createdAt: at,
    dedupeKey: `MODEL_SILENT:${strategyId}:${lastInferenceAt}`,
  }
}
