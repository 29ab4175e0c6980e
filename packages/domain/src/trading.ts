import type { Decimal } from './money.ts'

export const MODES = ['BACKTEST', 'PAPER', 'LIVE'] as const
export type Mode = (typeof MODES)[number]
/** The modes that have an account and send orders. */
export const TRADING_MODES = ['PAPER', 'LIVE'] as const
export type TradingMode = (typeof TRADING_MODES)[number]

export const STRATEGY_STATUSES = ['active', 'inactive'] as const
export type StrategyStatus = (typeof STRATEGY_STATUSES)[number]

export const CONTRACT_TYPES = ['STOCK', 'INDEX', 'FX', 'CRYPTO'] as const
export type ContractType = (typeof CONTRACT_TYPES)[number]

export const SIGNAL_TYPES = ['LONG', 'SHORT', 'HOLD', 'CLOSE'] as const
export type SignalType = (typeof SIGNAL_TYPES)[number]
export const TRADE_SIDES = ['buy', 'sell', 'hold'] as const
export type TradeSide = (typeof TRADE_SIDES)[number]

export const ORDER_SIDES = ['BUY', 'SELL'] as const
export type OrderSide = (typeof ORDER_SIDES)[number]
export const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOP'] as const
export type OrderType = (typeof ORDER_TYPES)[number]
export const ORDER_STATUSES = ['PENDING', 'SUBMITTED', 'FILLED', 'CANCELLED', 'REJECTED'] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]
export const TIMES_IN_FORCE = ['DAY', 'GTC', 'OPG'] as const
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]
/** Who asked for the order. Only `kill_flatten` passes HALTED. */
export const ORDER_ORIGINS = ['signal', 'api', 'stop_loss', 'take_profit', 'kill_flatten'] as const
export type OrderOrigin = (typeof ORDER_ORIGINS)[number]
export const REJECTED_BY = ['risk', 'broker'] as const
export type RejectedBy = (typeof REJECTED_BY)[number]

export const RUN_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED'] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

export const ALERT_SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number]

export const MARKET_STATUSES = ['open', 'closed', 'pre_market'] as const
export type MarketStatus = (typeof MARKET_STATUSES)[number]
export const MODEL_HEALTH_STATUSES = ['healthy', 'warning', 'critical'] as const
export type ModelHealthStatus = (typeof MODEL_HEALTH_STATUSES)[number]
export const SERVICE_STATUSES = ['healthy', 'degraded', 'unhealthy'] as const
export type ServiceStatus = (typeof SERVICE_STATUSES)[number]

export const ROLES = ['viewer', 'trader', 'risk', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Worst wins: ACTIVE < REDUCING < HALTED. */
export const TRADING_STATES = ['ACTIVE', 'REDUCING', 'HALTED'] as const
export type TradingState = (typeof TRADING_STATES)[number]

/** Every signal ends in exactly one of these. */
export const SIGNAL_OUTCOMES = ['ORDERS', 'NO_ACTION', 'REFUSED', 'RECORDED'] as const
export type SignalOutcome = (typeof SIGNAL_OUTCOMES)[number]

/** What can be traded, and in which steps. Prices are in `currency` per unit. */
export interface Instrument {
  symbol: string
  contractType: ContractType
  /** Quote currency, ISO 4217. */
  currency: string
  tickSize: Decimal
  lotSize: Decimal
  minQuantity: Decimal
  maxQuantity: Decimal | null
  /** Quote currency per unit per price point. */
  multiplier: Decimal
  priceDecimals: number
  quantityDecimals: number
  /** Id of a calendar in calendar.ts. */
  calendar: string
  /** The feed's declared bar interval. */
  barIntervalSeconds: number
  /** Where its prices come from, shown to people. */
  source: string
}

/** A bar of one interval; times are the bar's open and its exclusive close. */
export interface Bar {
  symbol: string
  intervalSeconds: number
  openedAt: Date
  closedAt: Date
  open: Decimal
  high: Decimal
  low: Decimal
  close: Decimal
  volume: Decimal
  source: string
}

/** A configuration value as stored: what RFC 7396 merges. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }
export type StrategyConfig = Record<string, JsonValue>

export interface Strategy {
  strategyId: string
  name: string
  description: string
  status: StrategyStatus
  mode: Mode
  ownerId: string | null
  isPublic: boolean
  universe: string[]
  maxPositions: number
  allocatedCapital: Decimal
  config: StrategyConfig
  /** Rises by one with each configuration change. */
  version: number
  createdAt: Date
  updatedAt: Date
  updatedBy: string | null
}

export interface Signal {
  signalId: string
  seq: number
  strategyId: string
  symbol: string
  signal: SignalType
  side: TradeSide
  /** 0..1 */
  confidence: number
  /** 0..1, fraction of the strategy's allocation. */
  size: number
  entryPrice: Decimal | null
  stopLoss: Decimal | null
  takeProfit: Decimal | null
  riskUsd: Decimal
  reasoning: string
  /** When the model made it. */
  signalAt: Date
  receivedAt: Date
  clientSignalId: string | null
  outcome: SignalOutcome
  /** Why no order, or which checks refused. */
  outcomeReasons: ViolationRecord[]
  orderIds: string[]
}

/** A refusal as stored with an order or signal and shown in answers. */
export interface ViolationRecord {
  code: string
  scope: string
  limit: string | null
  observed: string | null
  unit: string | null
  message: string
  until?: string
}

export interface Order {
  orderId: string
  seq: number
  clientOrderId: string
  mode: TradingMode
  strategyId: string
  symbol: string
  side: OrderSide
  quantity: Decimal
  orderType: OrderType
  limitPrice: Decimal | null
  stopPrice: Decimal | null
  timeInForce: TimeInForce
  status: OrderStatus
  filledQuantity: Decimal
  averageFillPrice: Decimal | null
  /** USD. */
  fees: Decimal
  origin: OrderOrigin
  /** True if it opens or grows a position. */
  isEntry: boolean
  reduceOnly: boolean
  signalId: string | null
  /** Bracket to attach when an entry fills. */
  stopLoss: Decimal | null
  takeProfit: Decimal | null
  rejectedBy: RejectedBy | null
  violations: ViolationRecord[]
  brokerOrderId: string | null
  /** The outcome at the broker is unknown and being resolved by query. */
  inDoubt: boolean
  /** Stored but kept back here until protective orders of its position have been cancelled at the broker. */
  isHeld: boolean
  /** Protective orders of a position: one of the same group that is filled whole cancels the other. Else null. */
  ocoGroupId: string | null
  /** When the request was accepted; never null. */
  submittedAt: Date
  filledAt: Date | null
  cancelledAt: Date | null
}

export interface Fill {
  fillId: string
  orderId: string
  brokerTradeId: string
  mode: TradingMode
  strategyId: string
  symbol: string
  side: OrderSide
  quantity: Decimal
  /** Quote currency per unit. */
  price: Decimal
  /** USD. */
  fee: Decimal
  /** USD per unit of quote currency at the fill. */
  usdRate: Decimal
  filledAt: Date
}

/**
 * A position is one round trip: opened from flat, closed at flat. A closed position is a *trade*.
 * Quantity and cost basis are signed (short: negative); average entry price = costBasis / quantity / multiplier.
 */
export interface Position {
  positionId: string
  seq: number
  mode: TradingMode
  strategyId: string
  symbol: string
  quantity: Decimal
  /** Quote currency: sum of quantity x price x multiplier of what is still open. */
  costBasis: Decimal
  /** Quote currency, of the part already closed, before fees. */
  realizedQuote: Decimal
  /** USD, converted per fill, before fees. */
  realizedUsd: Decimal
  /** USD. */
  feesUsd: Decimal
  /** USD value of the cost basis at entry rates. */
  costUsd: Decimal
  /** Largest absolute quantity it had, and the side it was opened with. */
  peakQuantity: Decimal
  /** Absolute quantity closed so far; of a closed position: the quantity of the trade. */
  closedQuantity: Decimal
  side: OrderSide
  entryPrice: Decimal
  exitPrice: Decimal | null
  stopLoss: Decimal | null
  takeProfit: Decimal | null
  openedAt: Date
  closedAt: Date | null
}

export interface EquityPoint {
  at: Date
  equity: Decimal
  realizedPnl: Decimal
  unrealizedPnl: Decimal
}

export interface Alert {
  alertId: string
  seq: number
  severity: AlertSeverity
  code: string
  message: string
  context: Record<string, JsonValue>
  strategyId: string | null
  acknowledged: boolean
  acknowledgedAt: Date | null
  acknowledgedBy: string | null
  createdAt: Date
}
