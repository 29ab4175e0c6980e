import type { OrderSide } from '@quantdeck/domain'
import type { StrategyDecision } from '../strategies/port.ts'
import type { Book } from './book.ts'
import type { MoneyScale } from './money.ts'
import type { RiskGate } from './risk-gate.ts'
import { type ClosedTrade, TradeLog } from './trade-log.ts'
import type { Refusals, Sizing } from './types.ts'

/** An entry before it becomes an order; prices in ticks. */
export interface EntryPlan {
  decision: StrategyDecision
  sign: number
  lots: number
  close: number
  /** Limit or trigger; 0 for market. */
  trigger: number
  stop: number
  i: number
}

/** The money of a run, in whole units, and what all symbols share. */
export class Account {
  readonly scale: MoneyScale
  readonly sizing: Sizing
  readonly capital: number
  /** Capital plus realised results less fees. */
  cash: number
  /** Cash plus open results, as of the last mark. */
  equity: number
  fees = 0
  trades = new TradeLog()
  readonly refusals: Refusals = {}
  /** By the open positions. */
  #bound = 0
  #entries = 0
  readonly #books: Book[] = []
  readonly #gate: RiskGate | null

  constructor(scale: MoneyScale, capital: number, sizing: Sizing, gate: RiskGate | null) {
    this.scale = scale
    this.capital = capital
    this.cash = capital
    this.equity = capital
    this.sizing = sizing
    this.#gate = gate
  }

  add(book: Book): void {
    this.#books.push(book)
  }

  /** Lets go of what is large. */
  release(): void {
    this.trades = new TradeLog()
  }

  /** What an entry may use: cash less what open positions bind. */
  free(): number {
    return this.cash - this.#bound
  }

  refuse(code: string): void {
    this.refusals[code] = (this.refusals[code] ?? 0) + 1
  }

  entered(book: Book, fee: number, t: number): void {
    this.#bound += book.bound
    this.cash -= fee
    this.fees += fee
    this.#entries += 1
    if (this.#gate === null) return
    const { symbol, side } = book
    this.#gate.onFill({ t, symbol, side, isEntry: true, orderId: `entry-${this.#entries}` })
  }

  /** `fee` is the exit's own; the entry's was paid when it filled. */
  exited(book: Book, trade: ClosedTrade, fee: number): void {
    this.#bound -= book.bound
    this.cash += trade.gross - fee
    this.fees += fee
    this.trades.add(book, trade)
    if (this.#gate !== null) this.#tellExit(this.#gate, book, trade)
  }

  #tellExit(gate: RiskGate, { symbol }: Book, trade: ClosedTrade): void {
    const t = trade.exitTime
    const positionSide: OrderSide = trade.lots > 0 ? 'BUY' : 'SELL'
    const side = positionSide === 'BUY' ? 'SELL' : 'BUY'
    gate.onFill({ t, symbol, side, isEntry: false, orderId: `exit-${this.trades.length}` })
    const netPnl = this.scale.format(trade.gross - trade.fees)
    gate.onTradeClosed({ t, symbol, positionSide, netPnl, byStopLoss: trade.reason === 'stop_loss' })
  }

  /** Asks the risk engine, if there is one. A refusal is counted by its code. */
  allows(book: Book, plan: EntryPlan): boolean {
    if (this.#gate === null) return true
    const { tape } = book
    const t = book.bars.closeT?.[plan.i] ?? book.bars.t[plan.i]!
    const price = plan.trigger === 0 ? plan.close : plan.trigger
    const answer = this.#gate.checkEntry({
      t,
      symbol: book.symbol,
      side: plan.sign > 0 ? 'BUY' : 'SELL',
      orderType: plan.decision.order?.type ?? 'MARKET',
      quantity: tape.formatQuantity(plan.lots),
      referencePrice: tape.formatPrice(plan.close),
      price: plan.trigger === 0 ? null : tape.formatPrice(plan.trigger),
      stopLoss: plan.stop === 0 ? null : tape.formatPrice(plan.stop),
      confidence: plan.decision.confidence,
      equity: this.scale.format(this.equity),
      notional: this.scale.format(Math.round(plan.lots * tape.lotValue(price))),
      grossExposure: this.scale.format(Math.round(this.#grossExcept(book))),
      openPositions: this.#books.filter((other) => other !== book && other.lots !== 0).length,
      estimatedFees: this.scale.format(book.estimatedFee(plan.lots, price)),
    })
    if (!answer.allowed) this.refuse(answer.code)
    return answer.allowed
  }

  /** Value of the other symbols' positions at their entry: their own bars may be at another index. */
  #grossExcept(book: Book): number {
    let gross = 0
    for (const other of this.#books) {
      if (other !== book && other.lots !== 0)
        gross += Math.abs(other.lots) * other.tape.lotValue(other.entryTicks)
    }
    return gross
  }
}
