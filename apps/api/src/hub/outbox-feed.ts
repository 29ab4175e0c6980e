import { getOutboxRange, listOutboxSince, type Database, type SealedMessage } from '@quantdeck/db'
import type { Logger } from 'pino'

import type { SignalHub } from './signal-hub.ts'

/** A safety net: the sealer says when there is something, on Postgres across processes as well. */
const POLL_MS = 5_000
const BATCH = 1_000

/** Hands sealed rows to the hub, in sequence, so that several instances on one Postgres all stream the same. */
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
    this.#timer = setInterval(() => this.#wake(), POLL_MS)
    this.#timer.unref()
  }

  /** For the sealer's `onSealed`: the rows, or null when another process sealed some. */
  accept(messages: readonly SealedMessage[] | null): void {
    const isNext = messages?.[0]?.sequence === this.#hub.lastSequence + 1
    if (messages === null || !isNext || this.#running !== null) return this.#wake()
    for (const message of messages) this.#publish(message)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#running
  }

  /** History that was written without push moves the stream's head and reaches nobody. */
  #publish(message: SealedMessage): void {
    if (message.push) this.#hub.publish(message)
    else this.#hub.startAt(message.sequence)
  }

  #wake(): void {
    if (this.#isStopped) return
    this.#isAgain = true
    this.#running ??= this.#drain().finally(() => (this.#running = null))
  }

  async #drain(): Promise<void> {
    while (this.#isAgain && !this.#isStopped) {
      this.#isAgain = false
      try {
        const { head } = await getOutboxRange(this.#db.kysely)
        while (this.#hub.lastSequence < head) await this.#publishUpTo(head)
      } catch (error) {
        this.#log.warn({ err: error }, 'could not read the outbox; trying again')
        return
      }
    }
  }

  async #publishUpTo(head: number): Promise<void> {
    const after = this.#hub.lastSequence
    const messages = await listOutboxSince(this.#db.kysely, after, { limit: BATCH, pushedOnly: true })
    for (const message of messages) this.#publish(message)
    if (messages.length < BATCH) this.#hub.startAt(head)
  }
}
