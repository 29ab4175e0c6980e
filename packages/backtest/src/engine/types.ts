import type { StrategyInstance } from '../strategies/port.ts'
import type { BarColumns, DataGap } from './bars.ts'
import type { CostModel } from './costs.ts'
import type { BacktestInstrument } from './money.ts'
import type { RiskEventRecord, RiskGate } from './risk-gate.ts'

/** How large an entry is. Percentages are fractions here (0.01 = 1 %). */
export type Sizing =
  /**
   * `decision.size` x base, and not more than `riskPerTrade` x base lost at the stop; the rule of live trading.
   * The base is the starting capital (an allocation) or the equity of the moment.
   */
  | { kind: 'fraction'; of: 'allocation' | 'equity'; riskPerTrade: number | null }
  /** As many whole lots as the equity at the fill pays for, fees included. */
  | { kind: 'all_in' }
  /** Always the same count of units. */
  | { kind: 'units'; units: string }
  /** So many lots that the stop loses this fraction of the equity. Entries without a stop are refused. */
  | { kind: 'risk'; fraction: number }

export interface BacktestSymbol {
  instrument: BacktestInstrument
  bars: BarColumns
  /** A fresh strategy of this symbol. */
  strategy: StrategyInstance
}

export interface BacktestInput {
  symbols: readonly BacktestSymbol[]
  /** Decimal string in the account's currency. */
  initialCapital: string
  /** First instant (ms) that trades and counts; bars before it only warm the strategies up. Default: the first bar. */
  startT?: number
  /** Orders fill at the open of the next bar, or at the close of the bar that decided. Default `next_open`. */
  fill?: 'next_open' | 'close'
  /** Default {@link DEFAULT_COSTS}. */
  costs?: CostModel
  /** Default: fraction of the allocation, no cap by risk. */
  sizing?: Sizing
  /**
   * What happens to a position that is open at the end: closed at the last close (default), at the last open, at the
   * close before that, or kept open.
   */
  finalExit?: 'last_close' | 'last_open' | 'previous_close' | 'keep'
  /** Drives random slippage and nothing else. Default 1. */
  seed?: number
  /** Fingerprint of the bars that trade, if the caller has checked and hashed them already: both are then not done again. */
  dataHash?: string
  /** The risk engine in the loop; null or absent: off. */
  risk?: RiskGate | null
}

export type ExitReason = 'signal' | 'reversal' | 'stop_loss' | 'take_profit' | 'end_of_data' | 'ruin'

/** A round trip from flat to flat. Instants in ms, prices and money as exact decimal strings. */
export interface BacktestTrade {
  symbol: string
  side: 'LONG' | 'SHORT'
  quantity: string
  entryTime: number
  exitTime: number
  /** Indexes into the symbol's bars. */
  entryBar: number
  exitBar: number
  entryPrice: string
  exitPrice: string
  /** Of entry and exit. */
  fees: string
  /** Net of fees. */
  pnl: string
  /** Net result over the entry's notional, a fraction. */
  pnlPct: number
  /** Bars from entry to exit. */
  bars: number
  exitReason: ExitReason
  /** Price of the protective stop that the entry carried; null: none. */
  stopLoss: string | null
  /** Of the decision, 0..1. */
  confidence: number
}

/** Net results of round trips as columns, which is what their metrics need. */
export interface TradeFigures {
  /** Net of fees, in the account's currency. */
  pnl: Float64Array
  /** The same over the entry's notional, fractions. */
  share: Float64Array
  durationMs: Float64Array
}

/** A position left open with `finalExit: 'keep'`. */
export interface OpenBacktestPosition {
  symbol: string
  side: 'LONG' | 'SHORT'
  quantity: string
  entryTime: number
  entryPrice: string
  unrealizedPnl: string
}

/** How often a decision to enter led to no order, by reason code. */
export interface Refusals {
  [code: string]: number
}

/** Everything that a reader needs in order to believe or to repeat the result. */
export interface Assumptions {
  engineVersion: string
  dataHash: string
  seed: number
  fill: 'next_open' | 'close'
  finalExit: string
  costs: CostModel
  sizing: Sizing
  riskEngine: boolean
  symbols: string[]
  /** Bars that traded, and bars before them that only warmed up. */
  bars: number
  warmupBars: number
  gaps: (DataGap & { symbol: string })[]
  /** Whatever else the caller wants printed: cut ranges, quarantined bars. */
  notes: string[]
}

export interface BacktestResult {
  initialCapital: string
  finalEquity: string
  /** Instants of the bars that traded (opening, ms) and the equity at their close. */
  t: Float64Array
  equity: Float64Array
  /**
   * What buy and hold of the same symbols in equal parts is worth at `t[step]`: from the first open that could trade,
   * before costs.
   */
  benchmarkAt: (step: number) => number
  /** Written out when first read: most runs of a sweep never are. */
  readonly trades: BacktestTrade[]
  tradeFigures: TradeFigures
  openPositions: OpenBacktestPosition[]
  totalFees: string
  /** Share of the bars at whose close a position was held, 0..1. */
  exposure: number
  refusals: Refusals
  riskEvents: RiskEventRecord[]
  assumptions: Assumptions
}

export interface BacktestHooks {
  /** Called about every 4,096 bars, and once at the end. */
  onProgress?: (done: number, total: number) => void
  /** Asked just as often; true ends the run with {@link BacktestCancelled}. */
  isCancelled?: () => boolean
}

/** The run was cancelled from outside. */
export class BacktestCancelled extends Error {
  constructor() {
    super('the run was cancelled')
    this.name = 'BacktestCancelled'
  }
}

/** A strategy threw; the message says where and what. */
export class StrategyFailed extends Error {
  constructor(symbol: string, t: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`the strategy failed on ${symbol} at ${new Date(t).toISOString()}: ${reason}`, { cause })
    this.name = 'StrategyFailed'
  }
}
