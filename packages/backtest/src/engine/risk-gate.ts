import type { OrderSide, OrderType } from '@quantdeck/domain'

/** An entry that a strategy wants, as the risk engine is asked. Decimal strings; `t` in ms. */
export interface GateEntry {
  t: number
  symbol: string
  side: OrderSide
  orderType: OrderType
  /** Positive units. */
  quantity: string
  /** Price at which the decision was made: the bar's close. */
  referencePrice: string
  /** Limit or stop price of the entry; null for a market order. */
  price: string | null
  stopLoss: string | null
  /** 0..1 */
  confidence: number
  /** The account's money, in its currency. */
  equity: string
  /** Value of the entry. */
  notional: string
  /** Sum of the absolute values of all open positions. */
  grossExposure: string
  openPositions: number
  estimatedFees: string
}

export type GateAnswer = { allowed: true } | { allowed: false; code: string; message: string }

/** Something that the risk engine did during the run. */
export interface RiskEventRecord {
  t: number
  type: string
  message: string
}

/** A fill, as far as risk counts it. */
export interface GateFill {
  t: number
  symbol: string
  side: OrderSide
  isEntry: boolean
  /** Distinguishes entry orders within the run. */
  orderId: string
}

/** The end of a round trip. */
export interface GateTrade {
  t: number
  symbol: string
  /** Side of the position that was closed: BUY for a long one. */
  positionSide: OrderSide
  /** Net of fees. */
  netPnl: string
  byStopLoss: boolean
}

/**
 * The risk engine as the backtest sees it: told what happens, asked before each entry. Exits are never asked about.
 * Money comes as whole units of `unit` (10^decimals per 1.00), because a mark happens on every bar.
 */
export interface RiskGate {
  /** Before the first bar. `format` turns units into an exact decimal string. */
  start(start: { t: number; equityUnits: number; unit: number; format: (units: number) => string }): void
  /** After each bar's close. */
  onEquity(t: number, equityUnits: number): void
  onFill(fill: GateFill): void
  onTradeClosed(trade: GateTrade): void
  checkEntry(entry: GateEntry): GateAnswer
  /** What it did, in order of time; read once at the end. */
  events(): RiskEventRecord[]
}
