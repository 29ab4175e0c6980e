import type { Database } from '@quantdeck/db'
import { type Clock, SECOND_MS, systemClock } from '@quantdeck/domain'
import type { Logger } from 'pino'
import type { Desk } from './desk.ts'
import { FeedWatch } from './feed-watch.ts'
import { ModelWatch } from './model-watch.ts'
import type { Reconciliation } from './reconciliation.ts'

/** What nobody announces is told within five seconds, the check itself included. */
const CHECK_MS = 3 * SECOND_MS
const RECONCILE_EVERY_MS = 60 * SECOND_MS
/** After something was found that a report should have told. */
const SOON_MS = SECOND_MS / 2
/** How often orders without an answer are looked for, and how long an answer may take. */
const BROKER_MS = SECOND_MS / 4
const UNSETTLED_AFTER_MS = SECOND_MS / 2

/** What nobody asks for but has to be looked at: silent feeds (A07), models (R25), orders without an answer and the broker's books (A06). */
export class DeskWatch {
  readonly #desk: Desk
  readonly #log: Logger
  readonly #feeds: FeedWatch
  readonly #models: ModelWatch
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
    this.#log = parts.log
    this.#feeds = new FeedWatch(parts.desk)
    this.#models = new ModelWatch(parts.desk, parts.db)
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

  async checkModels(): Promise<void> {
    await this.#models.check()
  }
}
