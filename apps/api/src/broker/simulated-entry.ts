import { calendarById, Decimal, type Instrument, sessionOf } from '@quantdeck/domain'
import type { BrokerEvent, BrokerOrder, Quote } from './port.ts'

/** One order in the simulated exchange's book. */
export interface BookEntry {
  order: BrokerOrder
  brokerOrderId: string
  /** Nothing that happened before can fill it. */
  since: Date
  /** DAY: the close of its session, epoch ms. */
  expiresMs: number
  filled: Decimal
  /** What its partner in an OCO group has taken from it. */
  taken: Decimal
  partner: BookEntry | null
  events: BrokerEvent[]
  done: boolean
}

/** What a restart knows of an order that was working. */
export interface KnownOrder {
  brokerOrderId: string
  filled: Decimal
  since: Date
}

export function newEntry(
  order: BrokerOrder,
  known: KnownOrder,
  instrument: Instrument | undefined,
): BookEntry {
  return {
    order,
    ...known,
    expiresMs: expiryOf(order, instrument, known.since),
    taken: new Decimal(0),
    partner: null,
    events: [],
    done: false,
  }
}

/** Units that can still be filled. */
export function remainderOf(entry: BookEntry): Decimal {
  return entry.order.quantity.minus(entry.filled).minus(entry.taken)
}

function expiryOf({ timeInForce }: BrokerOrder, instrument: Instrument | undefined, since: Date): number {
  if (timeInForce !== 'DAY' || !instrument) return Infinity
  return sessionOf(calendarById(instrument.calendar), since)?.closeMs ?? Infinity
}

/** An order that came in the middle of an interval has not seen its extremes, only its last price. */
export function seenBy(entry: BookEntry, quote: Quote): Quote {
  const sawAll = quote.since === undefined || entry.since <= quote.since
  return sawAll ? quote : { symbol: quote.symbol, price: quote.price, at: quote.at }
}

export function tieTogether(one: BookEntry, other: BookEntry): void {
  one.partner = other
  other.partner = one
}
