import type { Clock } from '@quantdeck/domain'
import type { Broker, BrokerEvent, BrokerOrder, BrokerOrderState, Quote } from './port.ts'
import type { SimulatedExchange } from './simulated-exchange.ts'

/** The exchange behind the broker port: orders arrive after a latency, events are delivered one batch at a time. */
export class SimulatedBroker implements Broker {
  readonly name = 'simulated'
  readonly exchange: SimulatedExchange
  readonly #clock: Clock
  readonly #latencyMs: number
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #onError: (error: unknown) => void
  #handler: (events: BrokerEvent[]) => Promise<void> = async () => {}
  #delivery: Promise<void> = Promise.resolve()
  #closed = false

  constructor(exchange: SimulatedExchange, clock: Clock, onError: (error: unknown) => void, latencyMs = 40) {
    this.#onError = onError
    this.exchange = exchange
    this.#clock = clock
    this.#latencyMs = latencyMs
  }

  async submit(order: BrokerOrder): Promise<void> {
    if (this.#closed) throw new Error('the simulated broker is closed')
    this.#after(() => this.exchange.submit(order, this.#clock.now()))
  }

  async cancel(clientOrderId: string): Promise<void> {
    this.#after(() => this.exchange.cancel(clientOrderId, this.#clock.now()))
  }

  async query(clientOrderId: string): Promise<BrokerOrderState> {
    return this.exchange.query(clientOrderId)
  }

  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void {
    this.#handler = handler
  }

  onQuote(quote: Quote): void {
    this.#deliver(this.exchange.onQuote(quote))
  }

  status(): { connected: boolean } {
    return { connected: !this.#closed }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    await this.#delivery
  }

  #after(action: () => BrokerEvent[]): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#deliver(action())
    }, this.#latencyMs)
    this.#timers.add(timer)
  }

  #deliver(events: BrokerEvent[]): void {
    if (events.length === 0) return
    this.#delivery = this.#delivery.then(() => this.#handler(events)).catch(this.#onError)
  }
}
