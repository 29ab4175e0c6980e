import type { BrokerEvent } from './port.ts'

/** Waits before what could not be booked is delivered again; the last one for ever. */
const RETRY_MS = [250, 1_000, 4_000, 15_000, 30_000]

/**
 * Hands a broker's reports to whoever books them, one call after the other, and each again until it was taken. What has
 * gathered during a call goes together with the next; where that fails, the reports of each order by themselves, so that no
 * order holds up another. Nothing of an order overtakes what was told of it before.
 */
export class EventDelivery {
  readonly #onError: (error: unknown) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  /** By order, reports that were not taken and wait to be delivered again. */
  readonly #refused = new Map<string, BrokerEvent[]>()
  /** By order, how often in a row its reports were not taken. */
  readonly #failures = new Map<string, number>()
  #handler: (events: BrokerEvent[]) => Promise<void> = async () => {}
  #waiting: BrokerEvent[] = []
  #queue: Promise<void> = Promise.resolve()
  #closed = false

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void {
    this.#handler = handler
  }

  push(events: readonly BrokerEvent[]): void {
    if (events.length === 0 || this.#closed) return
    this.#waiting.push(...events)
    this.#deliverSoon()
  }

  /** What was reported gets one more try. What is not taken is dropped: the broker is asked for it at the next start. */
  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    await this.#queue
  }

  #deliverSoon(): void {
    this.#queue = this.#queue.then(() => this.#deliverWaiting())
  }

  async #deliverWaiting(): Promise<void> {
    const events = this.#waiting.splice(0).filter((event) => !this.#isBehind(event))
    if (events.length === 0 || (await this.#isTaken(events))) return
    const orders = Map.groupBy(events, ({ clientOrderId }) => clientOrderId)
    for (const [clientOrderId, own] of orders) {
      if (this.#closed) return
      if (orders.size > 1 && (await this.#isTaken(own))) continue
      this.#deliverLater(clientOrderId, own)
    }
  }

  async #isTaken(events: BrokerEvent[]): Promise<boolean> {
    try {
      await this.#handler(events)
      for (const { clientOrderId } of events) this.#failures.delete(clientOrderId)
      return true
    } catch (error) {
      this.#onError(error)
      return false
    }
  }

  /** A report of an order of which earlier ones were not taken goes with those. */
  #isBehind(event: BrokerEvent): boolean {
    const before = this.#refused.get(event.clientOrderId)
    before?.push(event)
    return before !== undefined
  }

  #deliverLater(clientOrderId: string, events: BrokerEvent[]): void {
    const failures = this.#failures.get(clientOrderId) ?? 0
    this.#failures.set(clientOrderId, failures + 1)
    this.#refused.set(clientOrderId, events)
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.#refused.delete(clientOrderId)
        // Before what may have come of the order since.
        this.#waiting.unshift(...events)
        this.#deliverSoon()
      },
      RETRY_MS[Math.min(failures, RETRY_MS.length - 1)],
    )
    this.#timers.add(timer)
  }
}
