import { type Clock, SECOND_MS, type TradingMode } from '@quantdeck/domain'
import { EventDelivery } from './delivery.ts'
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

/** How often DAY orders are looked at whose session may be over. */
const EXPIRY_MS = SECOND_MS

/** The exchange behind the broker port: orders arrive after a latency, and its answers are delivered in their order. */
export class SimulatedBroker implements Broker {
  readonly name = 'simulated'
  readonly hasOwnBooks: boolean
  readonly exchange: SimulatedExchange
  readonly #clock: Clock
  readonly #latencyMs: number
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #delivery: EventDelivery
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
    this.#delivery = new EventDelivery(onError)
    this.exchange = exchange
    this.#clock = clock
    this.#latencyMs = latencyMs
  }

  async start(): Promise<void> {
    this.#expiry = setInterval(() => this.#delivery.push(this.exchange.onTime(this.#clock.now())), EXPIRY_MS)
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
    this.#delivery.onEvents(handler)
  }

  onQuote(quote: Quote): void {
    this.#delivery.push(this.exchange.onQuote(quote))
  }

  status(): { connected: boolean } {
    return { connected: !this.#closed }
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#expiry !== null) clearInterval(this.#expiry)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    await this.#delivery.close()
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('the simulated broker is closed')
  }

  #after(action: () => BrokerEvent[]): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#delivery.push(action())
    }, this.#latencyMs)
    this.#timers.add(timer)
  }
}
