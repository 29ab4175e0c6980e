import { type Decimal, ZERO } from '../money.ts'
import type { Fill, Instrument, Order, Position, TradingMode } from '../trading.ts'
import { applyFill } from './apply-fill.ts'
import { weightedPrice } from './quote-cost.ts'

/** One strategy in one instrument and mode. */
export interface BookKey {
  mode: TradingMode
  strategyId: string
  symbol: string
}

/** What the fills of a book make of it. */
export interface DerivedBook extends BookKey {
  /** Round trips in the order of their opening; the last one may be open. Ids and brackets are not derived. */
  positions: Position[]
  open: Position | null
}

/** What the fills of an order make of it. */
export type DerivedOrder = Pick<Order, 'filledQuantity' | 'averageFillPrice' | 'fees'>

/**
 * The books derived from nothing but fills, in the order in which they were booked: what the stored books must equal.
 * Holds every round trip in memory.
 */
export class FillLedger {
  readonly books = new Map<string, DerivedBook>()
  /** By order id; orders without a fill are not listed. */
  readonly orders = new Map<string, DerivedOrder>()
  /** Symbols of fills that no instrument describes: their books cannot be derived. */
  readonly unknownSymbols = new Set<string>()
  readonly #instruments: ReadonlyMap<string, Instrument>
  readonly #realized = new Map<string, Decimal>()
  readonly #levels = new Map<string, Set<string>>()
  #count = 0

  constructor(instruments: ReadonlyMap<string, Instrument>) {
    this.#instruments = instruments
  }

  /** Fills booked so far. */
  get count(): number {
    return this.#count
  }

  /** @throws {RangeError} on a fill without a positive quantity, price or USD rate */
  add(fill: Fill): void {
    this.#count++
    this.#addToOrder(fill)
    const instrument = this.#instruments.get(fill.symbol)
    if (instrument === undefined) {
      this.unknownSymbols.add(fill.symbol)
      return
    }
    const book = this.#bookOf(fill)
    const effect = applyFill(book.open, fill, instrument, { positionId: fill.fillId, seq: 0 })
    const changed = effect.closed ?? (effect.opened ? null : effect.position)
    if (changed) book.positions.splice(-1, 1, changed)
    if (effect.opened) book.positions.push(effect.opened)
    book.open = effect.position
    this.#addRealized(`strategy:${fill.strategyId}:${fill.mode}`, effect.netUsd)
    this.#addRealized(`account:${fill.mode}`, effect.netUsd)
  }

  /** USD realised net of fees, of an equity scope (`account:PAPER`, `strategy:<id>:PAPER`). */
  realizedUsd(scope: string): Decimal {
    return this.#realized.get(scope) ?? ZERO
  }

  /** Whether a scope had realised exactly this (USD, net of fees) before or after any of its fills. */
  everRealized(scope: string, amount: Decimal): boolean {
    return amount.isZero() || this.#levels.get(scope)?.has(amount.toFixed()) === true
  }

  #bookOf({ mode, strategyId, symbol }: Fill): DerivedBook {
    const key = bookKeyText({ mode, strategyId, symbol })
    const known = this.books.get(key)
    if (known) return known
    const book: DerivedBook = { mode, strategyId, symbol, positions: [], open: null }
    this.books.set(key, book)
    return book
  }

  #addToOrder({ orderId, quantity, price, fee }: Fill): void {
    const before = this.orders.get(orderId)
    const filled = before?.filledQuantity ?? ZERO
    this.orders.set(orderId, {
      filledQuantity: filled.plus(quantity),
      averageFillPrice: weightedPrice(before?.averageFillPrice ?? price, filled, price, quantity),
      fees: (before?.fees ?? ZERO).plus(fee),
    })
  }

  #addRealized(scope: string, netUsd: Decimal): void {
    const realized = this.realizedUsd(scope).plus(netUsd)
    this.#realized.set(scope, realized)
    const levels = this.#levels.get(scope) ?? new Set()
    this.#levels.set(scope, levels.add(realized.toFixed()))
  }
}

/** A book's key as one text, for maps. */
export function bookKeyText({ mode, strategyId, symbol }: BookKey): string {
  return [mode, strategyId, symbol].join('\n')
}
