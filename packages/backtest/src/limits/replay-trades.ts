import { Decimal, type OrderSide } from '@quantdeck/domain'
import { MoneyScale } from '../engine/money.ts'
import type { RiskEventRecord, RiskGate } from '../engine/risk-gate.ts'

/** A round trip of a strategy's history. Instants in ms; quantities positive; money in the account's currency. */
export interface PastTrade {
  symbol: string
  /** Of the entry. */
  side: OrderSide
  quantity: string
  entryTime: number
  exitTime: number
  entryPrice: string
  stopLoss: string | null
  /** 0..1 */
  confidence: number
  /** Value of the entry. */
  notional: string
  /** Of entry and exit. */
  fees: string
  /** Net of fees. */
  pnl: string
  isStopped: boolean
}

/** Closes of one symbol, so that open trades have a value between their entry and exit. */
export interface PastMarks {
  symbol: string
  /** Instants at which the closes were known, ms, ascending. */
  t: ArrayLike<number>
  close: ArrayLike<number>
  /** Account currency per unit and price point; of an inverse pair: quote currency, divided by the price. */
  multiplier: number
  isInverse: boolean
}

/** A trade whose entry was refused. */
export interface DeniedTrade {
  trade: PastTrade
  code: string
  message: string
}

export interface ReplayedHistory {
  accepted: PastTrade[]
  denied: DeniedTrade[]
  /** The last equity of each UTC day, oldest first; the first is the capital on the day before anything happened. */
  days: { date: string; equity: number }[]
  /** Deepest fall of the equity at any mark, a non-positive fraction. */
  maxDrawdown: number
  finalEquity: number
  events: RiskEventRecord[]
}

/** Exits before entries before marks of the same instant: an exit frees what an entry may use. */
const EXIT = 0
const ENTRY = 1
const MARK = 2

interface Step {
  t: number
  kind: typeof EXIT | typeof ENTRY | typeof MARK
  /** Of the trade, or of the close within its marks. */
  index: number
  marks: PastMarks | null
}

const DAY_MS = 86_400_000

function stepsOf(trades: readonly PastTrade[], marks: readonly PastMarks[]): Step[] {
  const steps: Step[] = trades.flatMap((trade, index): Step[] => [
    { t: trade.entryTime, kind: ENTRY, index, marks: null },
    { t: trade.exitTime, kind: EXIT, index, marks: null },
  ])
  for (const one of marks) {
    for (let index = 0; index < one.t.length; index++)
      steps.push({ t: one.t[index]!, kind: MARK, index, marks: one })
  }
  // A trade that was over within one instant is entered before it is left.
  const place = (step: Step): number => {
    const trade = step.kind === EXIT ? trades[step.index] : undefined
    return trade !== undefined && trade.entryTime === trade.exitTime ? ENTRY + 0.5 : step.kind
  }
  return steps.toSorted((a, b) => a.t - b.t || place(a) - place(b) || a.index - b.index)
}

interface OpenTrade {
  trade: PastTrade
  /** Money units. */
  unrealized: number
}

/** The books of the replay, in whole money units. */
class Replay {
  readonly #scale: MoneyScale
  readonly #capital: number
  readonly #gate: RiskGate | null
  readonly #open = new Map<number, OpenTrade>()
  readonly #accepted: PastTrade[] = []
  readonly #denied: DeniedTrade[] = []
  readonly #days: { date: string; equity: number }[] = []
  #realized = 0
  #peak: number
  #fall = 0
  #dayEnd = Number.NEGATIVE_INFINITY

  constructor(capital: string, gate: RiskGate | null) {
    this.#scale = new MoneyScale(new Decimal(capital), [])
    this.#capital = this.#scale.toUnits(capital)
    this.#peak = this.#capital
    this.#gate = gate
  }

  #equity(): number {
    let equity = this.#capital + this.#realized
    for (const { unrealized } of this.#open.values()) equity += unrealized
    return equity
  }

  run(trades: readonly PastTrade[], steps: readonly Step[]): ReplayedHistory {
    const [first] = steps
    if (first !== undefined) this.#start(first.t)
    for (const step of steps) {
      if (step.marks !== null) this.#mark(step.marks, step.index)
      else if (step.kind === ENTRY) this.#enter(trades[step.index]!, step.index)
      else this.#exit(step.index)
      this.#observe(step.t)
    }
    return {
      accepted: this.#accepted,
      denied: this.#denied,
      days: this.#days,
      maxDrawdown: this.#fall,
      finalEquity: this.#equity() / this.#scale.unit,
      events: this.#gate?.events() ?? [],
    }
  }

  #start(t: number): void {
    const { unit } = this.#scale
    const format = (units: number): string => this.#scale.format(Math.round(units))
    this.#gate?.start({ t, equityUnits: this.#capital, unit, format })
    const before = new Date(t - DAY_MS).toISOString().slice(0, 10)
    this.#days.push({ date: before, equity: this.#capital / unit })
  }

  #observe(t: number): void {
    const equity = this.#equity()
    this.#gate?.onEquity(t, equity)
    this.#peak = Math.max(this.#peak, equity)
    if (this.#peak > 0) this.#fall = Math.min(this.#fall, equity / this.#peak - 1)
    const value = equity / this.#scale.unit
    if (t > this.#dayEnd) {
      this.#dayEnd = Math.floor(t / DAY_MS) * DAY_MS + DAY_MS - 1
      this.#days.push({ date: new Date(t).toISOString().slice(0, 10), equity: value })
    } else {
      this.#days[this.#days.length - 1]!.equity = value
    }
  }

  #mark(marks: PastMarks, i: number): void {
    for (const open of this.#open.values()) {
      if (open.trade.symbol !== marks.symbol) continue
      const { side, quantity, entryPrice } = open.trade
      const close = marks.close[i]!
      const sign = side === 'BUY' ? 1 : -1
      const quote = sign * Number(quantity) * (close - Number(entryPrice)) * marks.multiplier
      open.unrealized = Math.round((marks.isInverse ? quote / close : quote) * this.#scale.unit)
    }
  }

  #enter(trade: PastTrade, index: number): void {
    const answer = this.#ask(trade)
    if (!answer.allowed) {
      this.#denied.push({ trade, code: answer.code, message: answer.message })
      return
    }
    this.#open.set(index, { trade, unrealized: 0 })
    this.#accepted.push(trade)
    const { entryTime: t, symbol, side } = trade
    this.#gate?.onFill({ t, symbol, side, isEntry: true, orderId: `entry-${index}` })
  }

  #ask(trade: PastTrade): ReturnType<RiskGate['checkEntry']> {
    if (this.#gate === null) return { allowed: true }
    const others = [...this.#open.values()].filter((open) => open.trade.symbol !== trade.symbol)
    const gross = others.reduce((sum, open) => sum.plus(open.trade.notional), new Decimal(0))
    return this.#gate.checkEntry({
      t: trade.entryTime,
      symbol: trade.symbol,
      side: trade.side,
      orderType: 'MARKET',
      quantity: trade.quantity,
      referencePrice: trade.entryPrice,
      price: null,
      stopLoss: trade.stopLoss,
      confidence: trade.confidence,
      equity: this.#scale.format(Math.round(this.#equity())),
      notional: trade.notional,
      grossExposure: gross.toFixed(),
      openPositions: new Set(others.map((open) => open.trade.symbol)).size,
      estimatedFees: new Decimal(trade.fees).div(2).toDecimalPlaces(8).toFixed(),
    })
  }

  #exit(index: number): void {
    const open = this.#open.get(index)
    if (open === undefined) return
    this.#open.delete(index)
    const { trade } = open
    const { exitTime: t, symbol, side } = trade
    this.#realized += this.#scale.toUnits(trade.pnl)
    const exitSide = side === 'BUY' ? 'SELL' : 'BUY'
    this.#gate?.onFill({ t, symbol, side: exitSide, isEntry: false, orderId: `exit-${index}` })
    this.#gate?.onTradeClosed({
      t,
      symbol,
      positionSide: side,
      netPnl: trade.pnl,
      byStopLoss: trade.isStopped,
    })
  }
}

/**
 * Plays a strategy's trades again, in order of time, through a risk engine (null: as it happened). A refused entry takes its
 * whole round trip out of the history; the equity that later checks see is what the accepted ones brought. Pure; the same
 * `apply` and `evaluate` decide as live.
 * @throws {RangeError} for a capital that cannot be counted exactly
 */
export function replayTrades(
  trades: readonly PastTrade[],
  options: { capital: string; marks: readonly PastMarks[]; gate: RiskGate | null },
): ReplayedHistory {
  return new Replay(options.capital, options.gate).run(trades, stepsOf(trades, options.marks))
}
