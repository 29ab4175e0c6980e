import type { Decimal, OrderOrigin, OrderSide, OrderType, TimeInForce } from '@quantdeck/domain'

/** An order as it is asked for, before risk has judged it. Quantity in units, prices in the quote currency. */
export interface OrderDraft {
  strategyId: string
  symbol: string
  side: OrderSide
  quantity: Decimal
  orderType: OrderType
  limitPrice: Decimal | null
  stopPrice: Decimal | null
  timeInForce: TimeInForce
  origin: OrderOrigin
  isEntry: boolean
  reduceOnly: boolean
  /** Bracket to attach to the position that the order opens. */
  stopLoss: Decimal | null
  takeProfit: Decimal | null
  signalId: string | null
  /** The caller's idempotency key; made up when absent. */
  clientOrderId?: string
  /** R15 is waived on purpose. Left out, it is waived where the desk knows that another intent is behind the order. */
  allowDuplicate?: boolean
}
