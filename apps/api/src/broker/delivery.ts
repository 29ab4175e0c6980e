import type { BrokerEvent } from './port.ts'

/** Waits before a batch that could not be booked is delivered again; the last one for ever. */
const RETRY_MS = [250, 1_000, 4_000, 15_000, 30_000]

/** Hands a broker's reports to whoever books them: one batch after the other, and each again until it was taken. */
export class EventDelivery {
  readonly #onError: (error: unknown) => void
  #handler: (events: BrokerEvent[]) => Promise<void> = async () => {}
  #queue: Promise<void> = Promise.resolve()
  #endPause: () => void = () => {}
  #closed = false

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void {
    this.#handler = handler
  }

  push(events: readonly BrokerEvent[]): void {
    if (events.length === 0 || this.#closed) return
    this.#queue = this.#queue.then(() => this.#deliver([...events]))
  }

  /** Resolves when everything that was pushed so far was taken. */
  async settled(): Promise<void> {
    await this.#queue
  }

  /** What was not taken yet is dropped: the broker still has it, and is asked at the next start. */
  async close(): Promise<void> {
    this.#closed = true
    this.#endPause()
    await this.#queue
  }

  async #deliver(events: BrokerEvent[]): Promise<void> {
    for (let attempt = 0; !this.#closed; attempt += 1) {
      try {
        return await this.#handler(events)
      } catch (error) {
        this.#onError(error)
        await this.#pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0)
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    if (this.#closed) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#endPause = () => {}
  }
}
