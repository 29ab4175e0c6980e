import {
  pruneDeliveries,
  pruneIdempotencyKeys,
  pruneOutbox,
  pruneRefreshTokens,
  pruneWsTickets,
} from '@quantdeck/db'
import { DAY_MS, HOUR_MS } from '@quantdeck/domain'

import type { CoreDeps } from './deps.ts'

const INTERVAL_MS = HOUR_MS
const OUTBOX_KEPT_MS = 30 * DAY_MS
const DELIVERIES_KEPT_MS = 30 * DAY_MS
const IDEMPOTENCY_KEPT_MS = DAY_MS

/** Once an hour: what nobody can ask for any more is forgotten. Several instances may do it at once. */
export class Housekeeping {
  readonly #deps: Pick<CoreDeps, 'db' | 'clock' | 'log'>
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(deps: Pick<CoreDeps, 'db' | 'clock' | 'log'>) {
    this.#deps = deps
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#running = this.run()
    }, INTERVAL_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#running
  }

  async run(): Promise<void> {
    const { db, clock, log } = this.#deps
    const now = clock.nowMs()
    try {
      await pruneIdempotencyKeys(db.kysely, new Date(now - IDEMPOTENCY_KEPT_MS))
      await pruneRefreshTokens(db.kysely, new Date(now))
      await pruneWsTickets(db.kysely, new Date(now))
      await pruneDeliveries(db.kysely, new Date(now - DELIVERIES_KEPT_MS))
      await pruneOutbox(db.kysely, new Date(now - OUTBOX_KEPT_MS))
    } catch (error) {
      log.warn({ err: error }, 'housekeeping failed; trying again in an hour')
    }
  }
}
