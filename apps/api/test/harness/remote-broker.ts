import { Decimal, type TradingMode } from '@quantdeck/domain'

import type {
  Broker,
  BrokerEvent,
  BrokerFill,
  BrokerOco,
  BrokerOpenOrder,
  BrokerOrder,
  BrokerOrderState,
  BrokerPosition,
} from '../../src/broker/port.ts'

const DECIMALS = new Set(['quantity', 'price', 'fee', 'filledQuantity', 'limitPrice', 'stopPrice'])

/** Amounts travel as text. */
export function reviveDecimals(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (key === 'at') return new Date(value)
  return DECIMALS.has(key) ? new Decimal(value) : value
}

const POLL_MS = 25

/** The broker port over local HTTP, to a broker that lives in a process of its own (broker-process.ts). */
export class RemoteBroker implements Broker {
  readonly name = 'remote'
  readonly hasOwnBooks = true
  readonly #url: string
  #handler: (events: BrokerEvent[]) => Promise<void> = async () => {}
  #isClosed = false
  #polling: Promise<void> = Promise.resolve()

  constructor(url: string) {
    this.#url = url
  }

  async start(): Promise<void> {
    this.#polling = this.#poll()
  }

  async submit(order: BrokerOrder): Promise<void> {
    await this.#ask('/submit', order)
  }

  async submitOco(pair: BrokerOco): Promise<void> {
    await this.#ask('/submit-oco', pair)
  }

  async cancel(clientOrderId: string): Promise<void> {
    await this.#ask('/cancel', { id: clientOrderId })
  }

  async query(clientOrderId: string): Promise<BrokerOrderState> {
    return this.#ask('/query', { id: clientOrderId })
  }

  async listOpenOrders(mode: TradingMode): Promise<BrokerOpenOrder[]> {
    return this.#ask('/open-orders', { mode })
  }

  async listPositions(mode: TradingMode): Promise<BrokerPosition[]> {
    return this.#ask('/positions', { mode })
  }

  async listFills(mode: TradingMode, since: Date): Promise<BrokerFill[]> {
    return this.#ask('/fills', { mode, since })
  }

  async account(): Promise<null> {
    return null
  }

  /** For the test: a price, and how often each order was handed over. */
  async quote(symbol: string, price: string): Promise<void> {
    await this.#ask('/quote', { symbol, price })
  }

  async handedOver(): Promise<Record<string, number>> {
    return this.#ask('/handed-over', {})
  }

  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void {
    this.#handler = handler
  }

  onQuote(): void {}

  status(): { connected: boolean } {
    return { connected: !this.#isClosed }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#polling
  }

  async #poll(): Promise<void> {
    while (!this.#isClosed) {
      try {
        const events = await this.#ask<BrokerEvent[]>('/reports', {})
        if (events.length > 0) await this.#handler(events)
      } catch {
        // What could not be booked is lost here, as with a broker that tells once.
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  async #ask<T>(path: string, body: unknown): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(4_000),
    })
    return JSON.parse(await response.text(), reviveDecimals) as T
  }
}
