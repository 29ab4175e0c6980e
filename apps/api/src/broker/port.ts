import type { Decimal, OrderSide, OrderType, TimeInForce, TradingMode } from '@quantdeck/domain'

/** An order as a broker sees it. `clientOrderId` is the idempotency key: the same id never becomes two orders. */
export interface BrokerOrder {
  clientOrderId: string
  mode: TradingMode
  symbol: string
  side: OrderSide
  quantity: Decimal
  orderType: OrderType
  limitPrice: Decimal | null
  stopPrice: Decimal | null
  timeInForce: TimeInForce
}

/** What a broker reports, in the order it happened. Prices in quote currency per unit, fees in USD. */
export type BrokerEvent =
  | { type: 'accepted'; clientOrderId: string; brokerOrderId: string; at: Date }
  | {
      type: 'fill'
      clientOrderId: string
      brokerOrderId: string
      brokerTradeId: string
      quantity: Decimal
      price: Decimal
      fee: Decimal
      at: Date
    }
  | { type: 'rejected'; clientOrderId: string; reason: string; at: Date }
  | { type: 'cancelled'; clientOrderId: string; at: Date }

/** What a query for one order answers; `unknown` means the broker never received it. */
export type BrokerOrderState =
  | { status: 'unknown' }
  | { status: 'working' | 'filled' | 'cancelled' | 'rejected'; events: BrokerEvent[] }

/** A price the broker may trade at. `low` and `high` are the extremes since the last quote of the symbol. */
export interface Quote {
  symbol: string
  price: Decimal
  low?: Decimal
  high?: Decimal
  /** With extremes: when the interval that they are of began. */
  since?: Date
  at: Date
}

/** The port every broker implements. Outcomes arrive as events, never as return values. */
export interface Broker {
  readonly name: string
  /** Resolves once the order is handed over; throws if it is unknown whether it arrived. */
  submit(order: BrokerOrder): Promise<void>
  cancel(clientOrderId: string): Promise<void>
  query(clientOrderId: string): Promise<BrokerOrderState>
  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void
  /** Simulated brokers trade against the deck's own feed; real ones ignore this. */
  onQuote(quote: Quote): void
  /** Whether it answers, for /v1/health. */
  status(): { connected: boolean; detail?: string }
  close(): Promise<void>
}
