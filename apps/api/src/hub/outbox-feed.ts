import { getOutboxRange, listOutboxSince, type Database } from '@quantdeck/db'
import type { Logger } from 'pino'

import type { SignalHub } from './signal-hub.ts'

/** How long an instance that was not woken may lag behind another instance's sealer. */
const POLL_MS = 250
const BATCH = 1_000

/**
 * Reads newly sealed rows and hands them to the hub: woken at once by this process's sealer, else by a timer, so
 * that several instances on one Postgres all stream the same sequence.
 */
export class OutboxFeed {
  readonly #db: Database
  readonly #hub: SignalHub
  readonly #log: Logger
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #isAgain = false
  #isStopped = false

  constructor(parts: { db: Database; hub: SignalHub; log: Logger }) {
    this.#db = parts.db
    this.#hub = parts.hub
    this.#log = parts.log
  }

  async start(): Promise<void> {
    const { head } = await getOutboxRange(this.#db.kysely)
    this.#hub.startAt(head)
    this.#timer = setInterval(() => this.wake(), POLL_MS)
    this.#timer.unref()
  }

  /** Something was sealed; reads it now. */
  wake(): void {
    if (this.#isStopped) return
    if (this.#running !== null) {
      this.#isAgain = true
      return
    }
    this.#running = this.#drain().finally(() => {
      this.#running = null
      if (!this.#isAgain) return
      this.#isAgain = false
      this.wake()
    })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#running
  }

  async #drain(): Promise<void> {
    try {
      const { head } = await getOutboxRange(this.#db.kysely)
      while (this.#hub.lastSequence < head) await this.#publishUpTo(head)
    } catch (error) {
      this.#log.warn({ err: error }, 'could not read the outbox; trying again')
    }
  }

  /** History that was written without push moves the stream's head and reaches nobody. */
  async #publishUpTo(head: number): Promise<void> {
    const after = this.#hub.lastSequence
    const messages = await listOutboxSince(this.#db.kysely, after, { limit: BATCH, pushedOnly: true })
    for (const message of messages) this.#hub.publish(message)
    if (messages.length < BATCH) this.#hub.startAt(head)
  }
}
