import type { MoneyScale } from './money.ts'
import type { Book } from './book.ts'
import type { BacktestTrade, ExitReason, TradeFigures } from './types.ts'

/** A closed round trip in whole ticks, lots and money units. */
export interface ClosedTrade {
  /** Signed: negative was short. */
  lots: number
  entryTime: number
  exitTime: number
  entryBar: number
  exitBar: number
  entryTicks: number
  exitTicks: number
  /** Of entry and exit. */
  fees: number
  /** Before `fees`. */
  gross: number
  /** Of the entry. */
  notional: number
  /** 0: none. */
  stopTicks: number
  confidence: number
  reason: ExitReason
}

const FIELDS = 12
/**
 * The trades of a run as numbers in one block of memory: an object with its strings costs more than the bars of most
 * trades, and most runs, those of a sweep, are never asked for them.
 */
export class TradeLog {
  length = 0
  #rows = new Float64Array(FIELDS * 64)
  readonly #reasons: ExitReason[] = []
  readonly #books: Book[] = []

  add(book: Book, trade: ClosedTrade): void {
    const at = this.length * FIELDS
    if (at === this.#rows.length) this.#grow()
    const rows = this.#rows
    rows[at] = trade.lots
    rows[at + 1] = trade.entryTime
    rows[at + 2] = trade.exitTime
    rows[at + 3] = trade.entryBar
    rows[at + 4] = trade.exitBar
    rows[at + 5] = trade.entryTicks
    rows[at + 6] = trade.exitTicks
    rows[at + 7] = trade.fees
    rows[at + 8] = trade.gross
    rows[at + 9] = trade.notional
    rows[at + 10] = trade.stopTicks
    rows[at + 11] = trade.confidence
    this.#reasons.push(trade.reason)
    this.#books.push(book)
    this.length += 1
  }

  #grow(): void {
    const larger = new Float64Array(this.#rows.length * 2)
    larger.set(this.#rows)
    this.#rows = larger
  }

  /** What the metrics need; money in the account's currency, from `unit` money units per 1.00. */
  figures(unit: number): TradeFigures {
    const pnl = new Float64Array(this.length)
    const share = new Float64Array(this.length)
    const durationMs = new Float64Array(this.length)
    const rows = this.#rows
    for (let i = 0, at = 0; i < this.length; i++, at += FIELDS) {
      const net = rows[at + 8]! - rows[at + 7]!
      pnl[i] = net / unit
      share[i] = net / rows[at + 9]!
      durationMs[i] = rows[at + 2]! - rows[at + 1]!
    }
    return { pnl, share, durationMs }
  }

  /** Every trade as it is published, in the order of the exits. */
  toTrades(scale: MoneyScale): BacktestTrade[] {
    return this.#books.map((book, i) => this.#tradeAt(i, book, scale))
  }

  #tradeAt(i: number, { symbol, tape }: Book, scale: MoneyScale): BacktestTrade {
    const field = (n: number): number => this.#rows[i * FIELDS + n]!
    const [lots, entryBar, exitBar, fees, stop] = [field(0), field(3), field(4), field(7), field(10)]
    const net = field(8) - fees
    return {
      symbol,
      side: lots > 0 ? 'LONG' : 'SHORT',
      quantity: tape.formatQuantity(Math.abs(lots)),
      entryTime: field(1),
      exitTime: field(2),
      entryBar,
      exitBar,
      entryPrice: tape.formatPrice(field(5)),
      exitPrice: tape.formatPrice(field(6)),
      fees: scale.format(fees),
      pnl: scale.format(net),
      pnlPct: net / field(9),
      bars: exitBar - entryBar,
      exitReason: this.#reasons[i]!,
      stopLoss: stop === 0 ? null : tape.formatPrice(stop),
      confidence: field(11),
    }
  }
}
