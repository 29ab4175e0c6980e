import type { OrderSide } from '@quantdeck/domain'
import type { StrategyContext, StrategyDecision, StrategyInstance } from '../strategies/port.ts'
import type { Account } from './account.ts'
import { BarView } from './bar-view.ts'
import { type BarColumns, toColumns } from './bars.ts'
import type { Costs } from './costs.ts'
import type { Tape } from './money.ts'
import { affordableLots, entryLots } from './sizing.ts'
import type { ClosedTrade } from './trade-log.ts'
import type { BacktestSymbol, ExitReason } from './types.ts'
import { StrategyFailed } from './types.ts'

/** An entry that waits for its fill. Market entries fill at the next price, the others when they are touched. */
interface PendingEntry {
  sign: number
  /** 0: sized when it fills (all in). */
  lots: number
  type: 'MARKET' | 'LIMIT' | 'STOP'
  /** Limit or trigger in ticks; 0 for market. */
  trigger: number
  stop: number
  target: number
  /** Last bar index on which it may fill. */
  lastBar: number
  confidence: number
}

/** One symbol's position, orders and strategy, in whole ticks and lots. The engine calls it bar by bar, in order. */
export class Book {
  bars: BarColumns
  readonly tape: Tape
  /** Signed. */
  lots = 0
  /** Money per tick of the whole position; 0 while flat, and where money is converted at the price of the moment. */
  tickWorth = 0
  /** Whether an order may wait for its fill. */
  isWaiting = false
  /**
   * The open position's bracket: a low below the one or a high from the other on touches it, both times ticks per point.
   * That rounds nothing: a price rounds to at most n ticks exactly when it is below n + 1/2.
   */
  touchBelow = Number.NEGATIVE_INFINITY
  touchFrom = Number.POSITIVE_INFINITY
  entryTicks = 0
  /** Money that the open position binds. */
  bound = 0
  readonly #account: Account
  readonly #costs: Costs
  readonly #strategy: StrategyInstance
  #bar: BarView
  #close: Float64Array
  readonly #ticksPerPoint: number
  readonly #context: { position: number } & StrategyContext = { position: 0 }
  #entry: PendingEntry | null = null
  #closing: ExitReason | null = null
  #entryBar = 0
  #entryTime = 0
  #entryFee = 0
  #entryNotional = 0
  #entryStop = 0
  #confidence = 0
  /** Bracket in ticks; 0 means none. */
  #stop = 0
  #target = 0

  constructor(source: BacktestSymbol, tape: Tape, costs: Costs, account: Account) {
    this.#strategy = source.strategy
    this.bars = source.bars
    this.#bar = new BarView(source.bars)
    this.#close = source.bars.close
    this.#ticksPerPoint = tape.ticksPerPoint
    this.tape = tape
    this.#costs = costs
    this.#account = account
  }

  /** Lets go of the columns. */
  release(): void {
    this.bars = toColumns([])
    this.#bar = new BarView(this.bars)
    this.#close = this.bars.close
  }

  /** Money the open position has won or lost at the bar's close. */
  unrealized(i: number): number {
    const mark = Math.floor(this.#close[i]! * this.#ticksPerPoint + 0.5)
    if (this.tickWorth !== 0) return (mark - this.entryTicks) * this.tickWorth
    return this.lots === 0 ? 0 : this.tape.worth(this.lots, mark - this.entryTicks, mark)
  }

  /** Orders that wait: market orders fill at the open, touched entries and brackets within the bar. */
  trade(i: number): void {
    if (this.isWaiting) this.fillWaiting(i)
    if (this.lots !== 0) this.checkBracket(i)
  }

  #aimBracket(): void {
    const isLong = this.lots > 0
    const low = isLong ? this.#stop : this.#target
    const high = isLong ? this.#target : this.#stop
    this.touchBelow = low === 0 ? Number.NEGATIVE_INFINITY : low + 0.5
    this.touchFrom = high === 0 ? Number.POSITIVE_INFINITY : high - 0.5
  }

  #look(): void {
    this.isWaiting = this.#closing !== null || this.#entry !== null
  }

  fillWaiting(i: number): void {
    this.#fillAtOpen(i)
    this.#look()
  }

  #fillAtOpen(i: number): void {
    const open = this.tape.ticks(this.bars.open[i]!)
    if (this.#closing !== null) {
      const reason = this.#closing
      this.#closing = null
      if (this.lots !== 0) this.exit(i, open, reason)
    }
    const entry = this.#entry
    if (entry === null) return
    const price = this.#touched(entry, open, i)
    if (price > 0) {
      this.#entry = null
      this.#enter(entry, price, i, this.bars.t[i]!)
    } else if (i >= entry.lastBar) {
      this.#entry = null
      this.#account.refuse('ENTRY_EXPIRED')
    }
  }

  /** The price in ticks at which a waiting entry fills on this bar; 0 if it is not touched. A gap fills at the open. */
  #touched(entry: PendingEntry, open: number, i: number): number {
    if (entry.type === 'MARKET') return open
    const upwards = (entry.type === 'STOP') === entry.sign > 0
    const extreme = this.tape.ticks(upwards ? this.bars.high[i]! : this.bars.low[i]!)
    if (upwards ? extreme < entry.trigger : extreme > entry.trigger) return 0
    return upwards ? Math.max(open, entry.trigger) : Math.min(open, entry.trigger)
  }

  #enter(entry: PendingEntry, price: number, i: number, t: number): void {
    const ticks = entry.type === 'LIMIT' ? price : this.#slipEntry(entry, price, i)
    const affordable = affordableLots(this.#account.free(), this.tape, ticks, this.#costs)
    const lots = entry.lots === 0 ? affordable : Math.min(entry.lots, affordable)
    if (lots < this.tape.minimumLots) {
      this.#account.refuse('INSUFFICIENT_FREE_BALANCE')
      return
    }
    this.#entryNotional = lots * this.tape.lotValue(ticks)
    this.#entryFee = this.#costs.fee(this.#entryNotional, lots)
    this.lots = entry.sign * lots
    this.tickWorth = this.tape.perTick(this.lots)
    this.entryTicks = ticks
    this.#entryBar = i
    this.#entryTime = t
    this.#stop = entry.stop
    this.#entryStop = entry.stop
    this.#confidence = entry.confidence
    this.#target = entry.target
    this.#aimBracket()
    this.#context.position = this.lots * this.tape.lotSize
    this.bound = lots * this.tape.lotBinds(ticks)
    this.#account.entered(this, this.#entryFee, t)
  }

  #slipEntry({ sign, lots }: PendingEntry, price: number, i: number): number {
    const volume = this.bars.volume[i]!
    // An entry of everything has no size before its price: at the plain price it is close enough.
    const sized = lots === 0 ? affordableLots(this.#account.free(), this.tape, price, this.#costs) : lots
    return this.#costs.slip(price, { sign, isEntry: true, lots: sized, volume })
  }

  get side(): OrderSide {
    return this.lots > 0 ? 'BUY' : 'SELL'
  }

  get symbol(): string {
    return this.tape.instrument.symbol
  }

  get entryTime(): number {
    return this.#entryTime
  }

  /** The stop first when one bar touches both; a gap through either fills at the open. */
  checkBracket(i: number): void {
    const long = this.lots > 0
    const open = this.tape.ticks(this.bars.open[i]!)
    const low = this.tape.ticks(this.bars.low[i]!)
    const high = this.tape.ticks(this.bars.high[i]!)
    if (this.#stop !== 0 && (long ? low <= this.#stop : high >= this.#stop)) {
      this.exit(i, long ? Math.min(open, this.#stop) : Math.max(open, this.#stop), 'stop_loss')
    } else if (this.#target !== 0 && (long ? high >= this.#target : low <= this.#target)) {
      this.exit(i, long ? Math.max(open, this.#target) : Math.min(open, this.#target), 'take_profit')
    }
  }

  /** Closes the position at a price in ticks, before slippage (a target is a limit order and does not slip). */
  exit(i: number, price: number, reason: ExitReason, t = this.bars.t[i]!): void {
    const lots = this.lots
    const size = Math.abs(lots)
    const fill = { sign: -Math.sign(lots), isEntry: false, lots: size, volume: this.bars.volume[i]! }
    const ticks = reason === 'take_profit' ? price : this.#costs.slip(price, fill)
    const fee = this.#costs.fee(size * this.tape.lotValue(ticks), size)
    const closed: ClosedTrade = {
      lots,
      entryTime: this.#entryTime,
      exitTime: t,
      entryBar: this.#entryBar,
      exitBar: i,
      entryTicks: this.entryTicks,
      exitTicks: ticks,
      fees: this.#entryFee + fee,
      gross: this.tape.worth(lots, ticks - this.entryTicks, ticks),
      notional: this.#entryNotional,
      stopTicks: this.#entryStop,
      confidence: this.#confidence,
      reason,
    }
    this.lots = 0
    this.tickWorth = 0
    this.#stop = 0
    this.#target = 0
    this.#closing = null
    this.#context.position = 0
    this.#account.exited(this, closed, fee)
    this.bound = 0
  }

  /** Lets the strategy see the finished bar. */
  decide(i: number): StrategyDecision | null {
    const bar = this.#bar
    bar.index = i
    try {
      return this.#strategy.onBar(bar, this.#context)
    } catch (error) {
      throw new StrategyFailed(this.symbol, bar.t, error)
    }
  }

  /** Turns a decision into orders. LONG while long and SHORT while short do nothing; a reversal closes first. */
  order(decision: StrategyDecision, i: number): void {
    if (decision.signal === 'HOLD') return
    if (decision.signal === 'CLOSE') {
      this.#entry = null
      if (this.lots !== 0) this.#closing = 'signal'
    } else {
      const sign = decision.signal === 'LONG' ? 1 : -1
      if (this.lots !== 0 && Math.sign(this.lots) === sign) return
      if (this.lots !== 0) this.#closing = 'reversal'
      this.#entry = this.#planEntry(decision, sign, i)
    }
    this.#look()
  }

  #planEntry(decision: StrategyDecision, sign: number, i: number): PendingEntry | null {
    const close = this.tape.ticks(this.bars.close[i]!)
    const type = decision.order?.type ?? 'MARKET'
    const trigger = decision.order === undefined ? 0 : this.tape.ticks(decision.order.price)
    const price = trigger === 0 ? close : trigger
    const stop = decision.stopLoss === undefined ? 0 : this.tape.ticks(decision.stopLoss)
    const target = decision.takeProfit === undefined ? 0 : this.tape.ticks(decision.takeProfit)
    const { sizing, capital, equity } = this.#account
    const at = { price, stop, capital, equity }
    const lots = sizing.kind === 'all_in' ? 0 : entryLots(sizing, decision.size, this.tape, at)
    if (sizing.kind !== 'all_in' && lots < this.tape.minimumLots) {
      this.#account.refuse(stop === 0 && sizing.kind === 'risk' ? 'MISSING_STOP' : 'QTY_BELOW_MIN')
      return null
    }
    const asked = lots === 0 ? affordableLots(this.#account.equity, this.tape, price, this.#costs) : lots
    if (!this.#account.allows(this, { decision, sign, lots: asked, close, trigger, stop, i })) return null
    const lastBar = type === 'MARKET' ? i + 1 : i + (decision.order?.validBars ?? 1)
    return { sign, lots, type, trigger, stop, target, lastBar, confidence: decision.confidence }
  }

  /** Fills at the close of the deciding bar, for runs that trade on the close. */
  fillAtClose(i: number): void {
    const close = this.tape.ticks(this.bars.close[i]!)
    const t = this.bars.closeT?.[i] ?? this.bars.t[i]!
    if (this.#closing !== null && this.lots !== 0) this.exit(i, close, this.#closing, t)
    this.#closing = null
    if (this.#entry?.type !== 'MARKET') return
    const entry = this.#entry
    this.#entry = null
    this.#enter(entry, close, i, t)
  }

  /** Fees that an entry of so many lots would pay. */
  estimatedFee(lots: number, ticks: number): number {
    return this.#costs.fee(lots * this.tape.lotValue(ticks), lots)
  }
}
