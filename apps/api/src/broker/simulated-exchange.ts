import { Decimal, floorToStep, type Instrument, type TradingMode } from '@quantdeck/domain'
import { type CostModel, feeUsd, fillPrice } from './fill-model.ts'
import type {
  BrokerEvent,
  BrokerFill,
  BrokerOco,
  BrokerOpenOrder,
  BrokerOrder,
  BrokerOrderState,
  BrokerPosition,
  Quote,
} from './port.ts'
import {
  type BookEntry,
  type KnownOrder,
  newEntry,
  remainderOf,
  seenBy,
  tieTogether,
} from './simulated-entry.ts'
import { SimulatedHoldings } from './simulated-holdings.ts'

/** Finished orders that it still knows, for queries and against sending one twice. */
const MOST_FINISHED = 10_000

export interface ExchangeOptions {
  instrumentOf: (symbol: string) => Instrument | undefined
  usdRateOf: (instrument: Instrument, price: Decimal) => Decimal
  costs: CostModel
  /** How often it fills only a part or refuses, 0..1; never unless told. `random` is uniform in [0, 1). */
  moods?: { partialFills: number; rejects: number; random: () => number }
}

/**
 * The matching core of the simulated broker: synchronous and without a clock, so that the demo's history and live trading
 * fill by the same rules. A market order fills at the last quote moved by the slippage; a limit fills at its price or
 * better once touched; a stop becomes a market order once touched. A quote with extremes is what happened since the last
 * quote: there limits and stops fill at their own price; a quote without is a tick, and fills at its price. Of two orders
 * that cancel each other, the stop comes first when a quote touches both.
 */
export class SimulatedExchange {
  readonly #options: ExchangeOptions
  readonly #book = new Map<string, BookEntry>()
  readonly #working = new Set<string>()
  /** Oldest first. */
  readonly #finished: string[] = []
  readonly #quotes = new Map<string, Quote>()
  readonly #holdings = new SimulatedHoldings()

  constructor(options: ExchangeOptions) {
    this.#options = options
  }

  submit(order: BrokerOrder, at: Date): BrokerEvent[] {
    if (this.#book.has(order.clientOrderId)) return []
    const entry = this.#enter(order, {
      brokerOrderId: `sim-${order.clientOrderId}`,
      filled: new Decimal(0),
      since: at,
    })
    const refusal = this.#refusal(order)
    if (refusal !== null)
      return this.#finish(entry, {
        type: 'rejected',
        clientOrderId: order.clientOrderId,
        reason: refusal,
        at,
      })
    return [this.#accept(entry, at), ...this.#matchLastQuote(entry, at)]
  }

  /** Both or none: the stop first, because it wins. */
  submitOco({ stopLoss, takeProfit }: BrokerOco, at: Date): BrokerEvent[] {
    if (this.#book.has(stopLoss.clientOrderId)) return []
    const pair = [stopLoss, takeProfit] as const
    const [stop, target] = pair.map((order) =>
      this.#enter(order, { brokerOrderId: `sim-${order.clientOrderId}`, filled: new Decimal(0), since: at }),
    )
    if (!stop || !target) return []
    const refusal = this.#refusal(stopLoss)
    if (refusal !== null)
      return [stop, target].flatMap((entry) =>
        this.#finish(entry, {
          type: 'rejected',
          clientOrderId: entry.order.clientOrderId,
          reason: refusal,
          at,
        }),
      )
    tieTogether(stop, target)
    const accepted = [this.#accept(stop, at), this.#accept(target, at)]
    const filled = this.#matchLastQuote(stop, at)
    return [...accepted, ...filled, ...(target.done ? [] : this.#matchLastQuote(target, at))]
  }

  /** Puts an order back that was working before a restart. No events. */
  restore(order: BrokerOrder, known: KnownOrder): void {
    this.#enter(order, known)
    this.#working.add(order.clientOrderId)
  }

  /** Ties two orders together that were an OCO group before a restart. */
  restorePair(one: string, other: string): void {
    const [first, second] = [this.#book.get(one), this.#book.get(other)]
    if (!first || !second) return
    tieTogether(first, second)
    first.taken = second.filled
    second.taken = first.filled
  }

  restorePosition(mode: TradingMode, symbol: string, quantity: Decimal): void {
    this.#holdings.add(mode, symbol, quantity)
  }

  /** Orders whose transaction was rolled back: they never existed. */
  forget(clientOrderIds: readonly string[]): void {
    for (const id of clientOrderIds) {
      const entry = this.#book.get(id)
      if (entry) this.#holdings.unbook(entry.order, entry.events)
      this.#book.delete(id)
      this.#working.delete(id)
    }
  }

  cancel(clientOrderId: string, at: Date): BrokerEvent[] {
    const entry = this.#book.get(clientOrderId)
    if (!entry || entry.done) return []
    const events = this.#finish(entry, { type: 'cancelled', clientOrderId, at })
    return [...events, ...this.#cancelPartner(entry, at)]
  }

  query(clientOrderId: string): BrokerOrderState {
    const entry = this.#book.get(clientOrderId)
    if (!entry) return { status: 'unknown' }
    if (!entry.done) return { status: 'working', events: [...entry.events] }
    const last = entry.events.at(-1)
    const status = last?.type === 'fill' ? 'filled' : last?.type === 'rejected' ? 'rejected' : 'cancelled'
    return { status, events: [...entry.events] }
  }

  openOrders(mode: TradingMode): BrokerOpenOrder[] {
    return this.#workingEntries()
      .filter(({ order }) => order.mode === mode)
      .map(({ order, brokerOrderId, filled }) => ({
        clientOrderId: order.clientOrderId,
        brokerOrderId,
        symbol: order.symbol,
        side: order.side,
        quantity: order.quantity,
        filledQuantity: filled,
      }))
  }

  positions(mode: TradingMode): BrokerPosition[] {
    return this.#holdings.positions(mode)
  }

  fillsSince(mode: TradingMode, since: Date): BrokerFill[] {
    return this.#holdings.fillsSince(mode, since)
  }

  /** Fills what the quote touches, and ends what expired: of one mode's orders, or of all. */
  onQuote(quote: Quote, mode?: TradingMode): BrokerEvent[] {
    this.#quotes.set(quote.symbol, quote)
    const events: BrokerEvent[] = []
    for (const entry of this.#workingEntries()) {
      if (entry.order.symbol !== quote.symbol || entry.since > quote.at) continue
      if (mode !== undefined && entry.order.mode !== mode) continue
      // An interval that began before the close could still fill what expired at it.
      events.push(...this.#expire(entry, (quote.since ?? quote.at).getTime()))
      events.push(...this.#match(entry, seenBy(entry, quote), quote.at))
      events.push(...this.#expire(entry, quote.at.getTime()))
    }
    return events
  }

  /** Ends what has expired by the clock, also where no price comes any more. */
  onTime(at: Date): BrokerEvent[] {
    return this.#workingEntries().flatMap((entry) => this.#expire(entry, at.getTime()))
  }

  #enter(order: BrokerOrder, known: KnownOrder): BookEntry {
    const entry = newEntry(order, known, this.#options.instrumentOf(order.symbol))
    this.#book.set(order.clientOrderId, entry)
    return entry
  }

  #refusal(order: BrokerOrder): string | null {
    if (!this.#options.instrumentOf(order.symbol)) return `unknown symbol ${order.symbol}`
    const { moods } = this.#options
    return moods && moods.random() < moods.rejects ? 'refused at random, as was asked for' : null
  }

  #accept(entry: BookEntry, at: Date): BrokerEvent {
    const { clientOrderId } = entry.order
    this.#working.add(clientOrderId)
    const accepted: BrokerEvent = { type: 'accepted', clientOrderId, brokerOrderId: entry.brokerOrderId, at }
    entry.events.push(accepted)
    return accepted
  }

  /** What an order meets when it arrives. One for the opening that does not fill there is over. */
  #matchLastQuote(entry: BookEntry, at: Date): BrokerEvent[] {
    const quote = this.#quotes.get(entry.order.symbol)
    if (!quote) return []
    const events = this.#match(entry, { symbol: quote.symbol, price: quote.price, at }, at)
    if (entry.order.timeInForce !== 'OPG' || entry.done) return events
    const reason = 'not filled at the open'
    return [
      ...events,
      ...this.#finish(entry, { type: 'cancelled', clientOrderId: entry.order.clientOrderId, at, reason }),
    ]
  }

  #match(entry: BookEntry, quote: Quote, at: Date): BrokerEvent[] {
    const instrument = this.#options.instrumentOf(entry.order.symbol)
    if (entry.done || !instrument) return []
    const price = fillPrice(entry.order, quote, instrument, this.#options.costs)
    if (!price) return []
    const quantity = this.#fillable(entry, instrument)
    const fill = this.#fill(entry, { quantity, price, at }, instrument)
    return [...this.#afterFill(entry, fill, at), ...this.#takeFromPartner(entry, quantity, at)]
  }

  /** Filled whole, still working, or over because its partner has filled the rest. */
  #afterFill(entry: BookEntry, fill: BrokerFill, at: Date): BrokerEvent[] {
    if (entry.filled.eq(entry.order.quantity)) return this.#finish(entry, fill)
    entry.events.push(fill)
    if (remainderOf(entry).gt(0)) return [fill]
    const reason = 'the other order of the group has filled the rest'
    const { clientOrderId } = entry.order
    return [fill, ...this.#finish(entry, { type: 'cancelled', clientOrderId, at, reason })]
  }

  /** All of what is left, or in a mood for it a part. */
  #fillable(entry: BookEntry, instrument: Instrument): Decimal {
    const rest = remainderOf(entry)
    const { moods } = this.#options
    if (!moods || moods.random() >= moods.partialFills) return rest
    const part = floorToStep(rest.times(moods.random()), instrument.lotSize)
    return part.gt(0) ? part : rest
  }

  #fill(
    entry: BookEntry,
    { quantity, price, at }: { quantity: Decimal; price: Decimal; at: Date },
    instrument: Instrument,
  ): BrokerFill {
    const usdRate = this.#options.usdRateOf(instrument, price)
    entry.filled = entry.filled.plus(quantity)
    const fill: BrokerFill = {
      type: 'fill',
      clientOrderId: entry.order.clientOrderId,
      brokerOrderId: entry.brokerOrderId,
      // By what is filled so far: the same after a restart, and no other fill of the order has it.
      brokerTradeId: `${entry.brokerOrderId}-${entry.filled.toFixed()}`,
      quantity,
      price,
      fee: feeUsd(quantity, price, instrument, usdRate, this.#options.costs),
      at,
    }
    this.#holdings.book(entry.order, fill)
    return fill
  }

  #takeFromPartner(entry: BookEntry, quantity: Decimal, at: Date): BrokerEvent[] {
    const { partner } = entry
    if (!partner || partner.done) return []
    partner.taken = partner.taken.plus(quantity)
    return remainderOf(partner).gt(0) ? [] : this.#cancelPartner(entry, at)
  }

  #cancelPartner({ partner }: BookEntry, at: Date): BrokerEvent[] {
    if (!partner || partner.done) return []
    const reason = 'the other order of the group is finished'
    return this.#finish(partner, {
      type: 'cancelled',
      clientOrderId: partner.order.clientOrderId,
      at,
      reason,
    })
  }

  #expire(entry: BookEntry, atMs: number): BrokerEvent[] {
    if (entry.done || entry.expiresMs > atMs) return []
    const at = new Date(entry.expiresMs)
    const { clientOrderId } = entry.order
    return this.#finish(entry, { type: 'cancelled', clientOrderId, at, reason: 'expired at the close' })
  }

  #workingEntries(): BookEntry[] {
    return [...this.#working].flatMap((id) => this.#book.get(id) ?? [])
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
