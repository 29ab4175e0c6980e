import type {
  ContractType,
  ModelHealthStatus,
  OrderOrigin,
  OrderSide,
  OrderType,
  SignalType,
  TimeInForce,
  TradingMode,
  TradingState,
} from '@quantdeck/domain'
import type { RiskLimits } from './limits.ts'
import type { RiskState } from './state.ts'

/** A decimal string with at most 18 decimals. */
export type Amount = string

/** The order to judge. Quantities are positive units, prices are in the quote currency. */
export interface RiskOrder {
  strategyId: string
  mode: TradingMode | 'BACKTEST'
  symbol: string
  side: OrderSide
  quantity: Amount
  orderType: OrderType
  limitPrice: Amount | null
  stopPrice: Amount | null
  timeInForce: TimeInForce
  origin: OrderOrigin
  reduceOnly: boolean
  /** The protective stop of the bracket, for the risk per trade; null: none. */
  stopLoss: Amount | null
  /** The other leg of the bracket; null or absent: none. */
  takeProfit?: Amount | null
  /** Epoch ms; null or absent: the order does not expire by itself. */
  expiresAt?: number | null
  /** R15 is waived on purpose. */
  allowDuplicate?: boolean
}

/** What R04 and R07 need of an instrument. */
export interface RiskInstrument {
  symbol: string
  contractType: ContractType
  tickSize: Amount
  lotSize: Amount
  minQuantity: Amount
  maxQuantity: Amount | null
  barIntervalSeconds: number
}

/** Market facts. Null means unknown, and unknown fails closed. */
export interface RiskMarket {
  /** The instrument's calendar, [open, close). */
  isOpen: boolean | null
  /** Last price; the collar and market orders are judged against it. */
  referencePrice: Amount | null
  /** USD value of one unit at the order's price (limit, else stop, else reference): `unitValueUsd` of the domain. */
  unitValueUsd: Amount | null
  /** The feed's age in session time and its declared interval in session time (a daily bar: one session). */
  feed: { kind: 'ticks' | 'bars'; ageSeconds: number | null; intervalSeconds: number } | null
}

/** The books around the order, money in USD. "Working" means submitted and not yet finished. */
export interface RiskBooks {
  strategyEquityUsd: Amount | null
  accountEquityUsd: Amount | null
  allocationUsd: Amount | null
  /** The account's equity less what positions and working entries already bind. */
  freeBalanceUsd: Amount | null
  /** Expected fees of this order. */
  estimatedFeesUsd: Amount
  /** Notional of the account's working buy orders that open or grow positions. */
  workingBuysUsd: Amount
  /** The strategy's signed position in the symbol, units. */
  positionQuantity: Amount
  /**
   * Units of the strategy's working orders in the symbol on the same side as this order, without brackets that are
   * cancelled when the position closes.
   */
  workingSameSideQuantity: Amount
  /** Sum of absolute position values plus working entries: of the strategy, and of the account over all strategies. */
  strategyGrossUsd: Amount
  accountGrossUsd: Amount
  /** Positions (or symbols with a working entry) other than this strategy's in this symbol. */
  otherOpenPositions: { strategy: number; account: number }
  /** Working entry orders without a fill today. */
  workingEntryOrders: { strategy: number; account: number }
  /** The strategy's working orders of all kinds. */
  activeOrders: number
}

/** An order of the strategy that was submitted within the last minutes. */
export interface RecentOrder {
  at: number
  symbol: string
  side: OrderSide
  orderType: OrderType
  quantity: Amount
  price: Amount | null
  notionalUsd: Amount
}

/** A resting limit order of the same account, of any strategy. */
export interface RestingOrder {
  orderId: string
  symbol: string
  side: OrderSide
  limitPrice: Amount
}

/** The strategy's tokens for submits and modifies, in thousandths, as of `at`. See token-bucket. */
export interface TokenBucket {
  milliTokens: number
  at: number
}

/** The signal behind the order. */
export interface RiskSignal {
  signal: SignalType
  signalAt: number
  /** Its id has led to an order before. */
  alreadyUsed: boolean
  /** 0..1 */
  confidence: number
}

/** Everything one decision needs. Build it once per order; `evaluate` neither reads a clock nor keeps anything. */
export interface RiskRequest {
  /** Epoch ms. */
  now: number
  order: RiskOrder
  /** Null: unknown symbol. */
  instrument: RiskInstrument | null
  market: RiskMarket
  books: RiskBooks
  /** Kill switches by scope. An unreadable one must be given as HALTED. */
  tradingStates: { global: TradingState; strategy: TradingState; symbol: TradingState }
  /** R02: may this principal trade this strategy and mode, and is LIVE approved. */
  permission: { allowed: boolean; reason: string | null }
  /** R14, R15; newest last. */
  recentOrders: readonly RecentOrder[]
  /** R13; null: nothing was sent yet. */
  messageBucket: TokenBucket | null
  /** R22 */
  restingOrders: readonly RestingOrder[]
  /** R23, R24; null: not from a signal. */
  signal: RiskSignal | null
  /** R25; null: no model. */
  modelHealth: ModelHealthStatus | null
}

/** The folded states of both scopes. */
export interface RiskStates {
  strategy: RiskState
  account: RiskState
}

/** The limits of both scopes, from `resolveLimits`. */
export interface ScopedLimits {
  strategy: RiskLimits
  account: RiskLimits
}
