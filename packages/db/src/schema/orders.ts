import type {
  OrderOrigin,
  OrderSide,
  OrderStatus,
  OrderType,
  RejectedBy,
  TimeInForce,
  TradingMode,
} from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'
import type { Json, JsonWithDefault, Numeric, NumericWithDefault } from './columns.ts'

export interface OrdersTable {
  orderId: Generated<string>
  seq: GeneratedAlways<number>
  clientOrderId: string
  mode: TradingMode
  strategyId: string
  symbol: string
  side: OrderSide
  quantity: Numeric
  orderType: OrderType
  limitPrice: Numeric | null
  stopPrice: Numeric | null
  timeInForce: TimeInForce
  status: OrderStatus
  filledQuantity: NumericWithDefault
  averageFillPrice: Numeric | null
  fees: NumericWithDefault
  origin: OrderOrigin
  isEntry: boolean
  reduceOnly: Generated<boolean>
  signalId: string | null
  stopLoss: Numeric | null
  takeProfit: Numeric | null
  rejectedBy: RejectedBy | null
  violations: JsonWithDefault
  brokerOrderId: string | null
  inDoubt: Generated<boolean>
  isHeld: Generated<boolean>
  ocoGroupId: string | null
  submittedAt: Date
  filledAt: Date | null
  cancelledAt: Date | null
  reason: string | null
  checks: Json | null
}
