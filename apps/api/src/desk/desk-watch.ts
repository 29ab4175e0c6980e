import { type Database, listStrategies } from '@quantdeck/db'
import { type Clock, SECOND_MS, type Strategy, systemClock, utcDay } from '@quantdeck/domain'
import type { ModelHealth } from '@quantdeck/risk'
import type { Logger } from 'pino'
import type { NewAlert } from './changes.ts'
import type { Desk } from './desk.ts'
import { FeedWatch } from './feed-watch.ts'
import type { Reconciliation } from './reconciliation.ts'

const CHECK_MS = 5 * SECOND_MS
const RECONCILE_EVERY_MS = 60 * SECOND_MS
/** After something was found that a report should have told. */
const SOON_MS = SECOND_MS
/** How often orders without an answer are looked for, and how long an answer may take. */
const BROKER_MS = SECOND_MS / 2
const UNSETTLED_AFTER_MS = SECOND_MS / 2

/** What nobody asks for but has to be looked at: silent feeds (A07), models (R25), orders without an answer and the broker's books (A06). */
export class DeskWatch {
  readonly #desk: Desk
  readonly #db: Database
  readonly #log: Logger
  readonly #feeds: FeedWatch
  readonly #critical = new Set<string>()
  readonly #reconciliation: Reconciliation | null
  readonly #clock: Clock
  #reconcileAtMs = -Infinity
  #brokerTimer: NodeJS.Timeout | null = null
  #asking: Promise<void> = Promise.resolve()
  #isAsking = false
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()
  #isRunning = false

  constructor(parts: {
    desk: Desk
    db: Database
    log: Logger
    reconciliation?: Reconciliation
    clock?: Clock
  }) {
    this.#desk = parts.desk
    this.#reconciliation = parts.reconciliation ?? null
    this.#clock = parts.clock ?? systemClock
    this.#db = parts.db
    this.#log = parts.log
    this.#feeds = new FeedWatch(parts.desk)
  }

  start(): void {
    this.#timer = setInterval(() => this.#round(), CHECK_MS)
    this.#timer.unref()
    this.#brokerTimer = setInterval(() => this.#askBroker(), BROKER_MS)
    this.#brokerTimer.unref()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    if (this.#brokerTimer !== null) clearInterval(this.#brokerTimer)
    await this.#running
    await this.#asking
  }

  /** By itself: a broker that does not answer must not keep feeds and models from being watched. */
  #askBroker(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#asking = this.checkBroker()
      .catch((error: unknown) =>
        this.#log.error({ err: error }, 'the broker could not be asked; trying again'),
      )
      .finally(() => (this.#isAsking = false))
  }

  #round(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#running = this.#checkAll()
      .catch((error: unknown) => this.#log.error({ err: error }, 'the desk watch failed; trying again'))
      .finally(() => (this.#isRunning = false))
  }

  async #checkAll(): Promise<void> {
    await this.checkFeeds()
    await this.checkModels()
  }

  /**
   * Orders without an answer are asked about; once a minute orders and positions are compared (A06), and soon again when
   * a report had been lost: others may have been lost with it.
   */
  async checkBroker(): Promise<void> {
    const resolved = await this.#resolve()
    if (resolved > 0) this.#reconcileAtMs = Math.min(this.#reconcileAtMs, this.#clock.nowMs() + SOON_MS)
    if (this.#clock.nowMs() < this.#reconcileAtMs) return
    this.#reconcileAtMs = this.#clock.nowMs() + RECONCILE_EVERY_MS
    const found = await this.#reconciliation?.pass()
    if (found?.recovered) this.#reconcileAtMs = this.#clock.nowMs() + SOON_MS
  }

  /** An order that cannot be resolved must not keep the comparison from being made: it is one more reason for it. */
  async #resolve(): Promise<number> {
    try {
      return await this.#desk.resolveUnsettled(UNSETTLED_AFTER_MS)
    } catch (error) {
      this.#log.error({ err: error }, 'orders whose outcome is unknown could not be resolved; trying again')
      return 0
    }
  }

  async checkFeeds(): Promise<void> {
    await this.#feeds.check()
  }

  /** Judges every active model by its last actions, so that R25 knows, and tells when one turns critical. */
  async checkModels(): Promise<void> {
    const strategies = await listStrategies(this.#db.kysely, { visible: 'all', status: 'active' })
    const verdicts = await this.#desk.judgeModels(strategies)
    const news = strategies.filter(({ strategyId }) => this.#turnedCritical(strategyId, verdicts))
    if (news.length === 0) return
    await this.#desk.run('PAPER', (ctx) => {
      for (const strategy of news) {
        const health = verdicts.get(strategy.strategyId)
        if (health) ctx.changes.alerts.push(modelAlert(strategy, health, ctx.at))
      }
    })
  }

  #turnedCritical(strategyId: string, verdicts: ReadonlyMap<string, ModelHealth>): boolean {
    const verdict = verdicts.get(strategyId)
    const isCritical = verdict !== undefined && verdict.conclusive && verdict.status === 'critical'
    if (!isCritical) this.#critical.delete(strategyId)
    const isNews = isCritical && !this.#critical.has(strategyId)
    if (isNews) this.#critical.add(strategyId)
    return isNews
  }
}

/** At most once a day for a model, however often it turns. */
function modelAlert({ strategyId }: Strategy, health: ModelHealth, at: Date): NewAlert {
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
