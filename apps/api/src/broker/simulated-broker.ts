import { type Clock, SECOND_MS, type TradingMode } from '@quantdeck/domain'
import type {
  Broker,
  BrokerEvent,
  BrokerFill,
  BrokerOco,
  BrokerOpenOrder,
  BrokerOrder,
  BrokerOrderState,
  BrokerPosition,
  Quote,
} from './port.ts'
import type { SimulatedExchange } from './simulated-exchange.ts'

/** Waits before a report that could not be booked is delivered again; after the last one it is left to reconciliation. */
const RETRY_MS = [250, 1_000, 4_000, 15_000, 30_000]
/** How often DAY orders are looked at whose session may be over. */
const EXPIRY_MS = SECOND_MS

/**
 * The exchange behind the broker port: orders arrive after a latency, events are delivered one batch at a time, and again
 * while whoever books them fails.
 */
export class SimulatedBroker implements Broker {
  readonly name = 'simulated'
  readonly hasOwnBooks: boolean
  readonly exchange: SimulatedExchange
  readonly #clock: Clock
  readonly #latencyMs: number
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #onError: (error: unknown) => void
  #handler: (events: BrokerEvent[]) => Promise<void> = async () => {}
  #delivery: Promise<void> = Promise.resolve()
  /** Reports that wait for those before them to be booked. */
  #undelivered: BrokerEvent[][] = []
  #endPause: () => void = () => {}
  #closed = false
  #expiry: NodeJS.Timeout | null = null

  /** `hasOwnBooks`: true while no other process over the same database has an exchange of its own. */
  constructor(
    exchange: SimulatedExchange,
    clock: Clock,
    onError: (error: unknown) => void,
    latencyMs = 40,
    hasOwnBooks = true,
  ) {
    this.hasOwnBooks = hasOwnBooks
    this.#onError = onError
    this.exchange = exchange
    this.#clock = clock
    this.#latencyMs = latencyMs
  }

  async start(): Promise<void> {
    this.#expiry = setInterval(() => this.#deliver(this.exchange.onTime(this.#clock.now())), EXPIRY_MS)
    this.#expiry.unref()
  }

  async submit(order: BrokerOrder): Promise<void> {
    this.#assertOpen()
    this.#after(() => this.exchange.submit(order, this.#clock.now()))
  }

  async submitOco(pair: BrokerOco): Promise<void> {
    this.#assertOpen()
    this.#after(() => this.exchange.submitOco(pair, this.#clock.now()))
  }

  async cancel(clientOrderId: string): Promise<void> {
    this.#after(() => this.exchange.cancel(clientOrderId, this.#clock.now()))
  }

  async query(clientOrderId: string): Promise<BrokerOrderState> {
    return this.exchange.query(clientOrderId)
  }

  async listOpenOrders(mode: TradingMode): Promise<BrokerOpenOrder[]> {
    return this.exchange.openOrders(mode)
  }

  async listPositions(mode: TradingMode): Promise<BrokerPosition[]> {
    return this.exchange.positions(mode)
  }

  async listFills(mode: TradingMode, since: Date): Promise<BrokerFill[]> {
    return this.exchange.fillsSince(mode, since)
  }

  /** Its account is the books. */
  async account(): Promise<null> {
    return null
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
    if (this.#expiry !== null) clearInterval(this.#expiry)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#endPause()
    await this.#delivery
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('the simulated broker is closed')
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
    this.#undelivered.push(events)
    if (this.#undelivered.length > 1) return
    this.#delivery = this.#delivery.then(() => this.#deliverWaiting()).catch(this.#onError)
  }

  /** What has gathered meanwhile goes together; where that fails, each report by itself, so that none fails another. */
  async #deliverWaiting(): Promise<void> {
    const batches = this.#undelivered.splice(0)
    if (batches.length > 1) {
      try {
        return await this.#handler(batches.flat())
      } catch (error) {
        this.#onError(error)
      }
    }
    for (const events of batches) await this.#deliverInTime(events).catch(this.#onError)
  }

  async #deliverInTime(events: BrokerEvent[]): Promise<void> {
    for (const waitMs of RETRY_MS) {
      try {
        return await this.#handler(events)
      } catch (error) {
        this.#onError(error)
        await this.#pause(waitMs)
        if (this.#closed) return
      }
    }
    await this.#handler(events)
  }

  /** Ends early when the broker is closed. */
  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#endPause = resolve
      const timer = setTimeout(resolve, ms)
      this.#timers.add(timer)
    })
    this.#endPause = () => {}
  }
}
