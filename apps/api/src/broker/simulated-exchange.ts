import { Decimal, type Instrument, type TradingMode } from '@quantdeck/domain'
import { type CostModel, feeUsd, slippedPrice } from './fill-model.ts'
import type { BrokerEvent, BrokerOrder, BrokerOrderState, Quote } from './port.ts'

/** Finished orders that it still knows, for queries and against sending one twice. */
const MOST_FINISHED = 10_000

interface BookEntry {
  order: BrokerOrder
  /** Nothing that happened before can fill it. */
  since: Date
  brokerOrderId: string
  filled: Decimal
  events: BrokerEvent[]
  done: boolean
}

export interface ExchangeOptions {
  instrumentOf: (symbol: string) => Instrument | undefined
  usdRateOf: (instrument: Instrument, price: Decimal) => Decimal
  costs: CostModel
}

/**
 * The matching core of the simulated broker: synchronous, no clock, no randomness, so that the demo's history and
 * live trading fill by the same rules. A market order fills at the last quote moved by the slippage; a limit fills at
 * its price or better once touched; a stop becomes a market order once touched. A quote with extremes is what happened
 * since the last quote: there limits and stops fill at their own price; a quote without is a tick, and fills at its price.
 */
export class SimulatedExchange {
  readonly #options: ExchangeOptions
  readonly #book = new Map<string, BookEntry>()
  readonly #working = new Set<string>()
  /** Oldest first. */
  readonly #finished: string[] = []
  readonly #quotes = new Map<string, Quote>()

  constructor(options: ExchangeOptions) {
    this.#options = options
  }

  submit(order: BrokerOrder, at: Date): BrokerEvent[] {
    if (this.#book.has(order.clientOrderId)) return []
    const entry: BookEntry = {
      order,
      since: at,
      brokerOrderId: `sim-${order.clientOrderId}`,
      filled: new Decimal(0),
      events: [],
      done: false,
    }
    this.#book.set(order.clientOrderId, entry)
    if (!this.#options.instrumentOf(order.symbol)) {
      return this.#finish(entry, {
        type: 'rejected',
        clientOrderId: order.clientOrderId,
        reason: `unknown symbol ${order.symbol}`,
        at,
      })
    }
    this.#working.add(order.clientOrderId)
    const accepted: BrokerEvent = {
      type: 'accepted',
      clientOrderId: order.clientOrderId,
      brokerOrderId: entry.brokerOrderId,
      at,
    }
    entry.events.push(accepted)
    const quote = this.#quotes.get(order.symbol)
    if (!quote) return [accepted]
    return [accepted, ...this.#match(entry, { symbol: quote.symbol, price: quote.price, at }, at)]
  }

  /** Puts an order back that was working before a restart. No events. */
  restore(order: BrokerOrder, known: { brokerOrderId: string; filled: Decimal; since: Date }): void {
    this.#book.set(order.clientOrderId, { order, ...known, events: [], done: false })
    this.#working.add(order.clientOrderId)
  }

  /** Orders whose transaction was rolled back: they never existed. */
  forget(clientOrderIds: readonly string[]): void {
    for (const id of clientOrderIds) {
      this.#book.delete(id)
      this.#working.delete(id)
    }
  }

  cancel(clientOrderId: string, at: Date): BrokerEvent[] {
    const entry = this.#book.get(clientOrderId)
    if (!entry || entry.done) return []
    return this.#finish(entry, { type: 'cancelled', clientOrderId, at })
  }

  query(clientOrderId: string): BrokerOrderState {
    const entry = this.#book.get(clientOrderId)
    if (!entry) return { status: 'unknown' }
    if (!entry.done) return { status: 'working', events: [...entry.events] }
    const last = entry.events.at(-1)
    const status = last?.type === 'fill' ? 'filled' : last?.type === 'rejected' ? 'rejected' : 'cancelled'
    return { status, events: [...entry.events] }
  }

  /** Fills what the quote touches: of one mode's orders, or of all. */
  onQuote(quote: Quote, mode?: TradingMode): BrokerEvent[] {
    this.#quotes.set(quote.symbol, quote)
    const events: BrokerEvent[] = []
    for (const id of this.#working) {
      const entry = this.#book.get(id)
      if (!entry || entry.order.symbol !== quote.symbol || entry.since > quote.at) continue
      if (mode === undefined || entry.order.mode === mode)
        events.push(...this.#match(entry, seenBy(entry, quote), quote.at))
    }
    return events
  }

  #match(entry: BookEntry, quote: Quote, at: Date): BrokerEvent[] {
    const instrument = this.#options.instrumentOf(entry.order.symbol)
    if (!instrument) return []
    const price = this.#fillPrice(entry.order, quote, instrument)
    if (!price) return []
    const quantity = entry.order.quantity.minus(entry.filled)
    const usdRate = this.#options.usdRateOf(instrument, price)
    entry.filled = entry.order.quantity
    return this.#finish(entry, {
      type: 'fill',
      clientOrderId: entry.order.clientOrderId,
      brokerOrderId: entry.brokerOrderId,
      brokerTradeId: `${entry.brokerOrderId}-1`,
      quantity,
      price,
      fee: feeUsd(quantity, price, instrument, usdRate, this.#options.costs),
      at,
    })
  }

  #fillPrice(order: BrokerOrder, quote: Quote, instrument: Instrument): Decimal | null {
    const isBar = quote.low !== undefined
    const low = quote.low ?? quote.price
    const high = quote.high ?? quote.price
    const { costs } = this.#options
    switch (order.orderType) {
      case 'MARKET':
        return slippedPrice(quote.price, order.side, instrument, costs)
      case 'LIMIT': {
        const limit = order.limitPrice
        if (!limit) return null
        if (order.side === 'BUY') return low.lte(limit) ? (isBar ? limit : quote.price) : null
        return high.gte(limit) ? (isBar ? limit : quote.price) : null
      }
      case 'STOP': {
        const stop = order.stopPrice
        if (!stop) return null
        const touched = order.side === 'BUY' ? high.gte(stop) : low.lte(stop)
        return touched ? slippedPrice(isBar ? stop : quote.price, order.side, instrument, costs) : null
      }
    }
  }

  #finish(entry: BookEntry, event: BrokerEvent): BrokerEvent[] {
    entry.done = true
    entry.events.push(event)
    this.#working.delete(entry.order.clientOrderId)
    this.#finished.push(entry.order.clientOrderId)
    const oldest = this.#finished.length > MOST_FINISHED ? this.#finished.shift() : undefined
    if (oldest !== undefined) this.#book.delete(oldest)
    return [event]
  }
}

/** An order that came in the middle of an interval has not seen its extremes, only its last price. */
function seenBy(entry: BookEntry, quote: Quote): Quote {
  const sawAll = quote.since === undefined || entry.since <= quote.since
  return sawAll ? quote : { symbol: quote.symbol, price: quote.price, at: quote.at }
}
