import type { Decimal, OrderSide, OrderType, TimeInForce, TradingMode } from '@quantdeck/domain'

/**
 * An order as a broker sees it. `clientOrderId` is the idempotency key: however often one is handed over, it becomes at
 * most one order. The desk sends an id again only after `query` answered `unknown`.
 */
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

/**
 * Stop loss and take profit of one position, one-cancels-the-other: the same symbol, side and quantity, `stopLoss` a STOP,
 * `takeProfit` a LIMIT. Their ids are `<groupId>-sl` and `<groupId>-tp`, so that an adapter whose broker names only one of
 * the two (Alpaca's OCO names the limit and makes up the stop's id) can tell one id from the other without a memory.
 */
export interface BrokerOco {
  groupId: string
  stopLoss: BrokerOrder
  takeProfit: BrokerOrder
}

/** The ids of the two orders of a group. */
export function ocoClientIds(groupId: string): { stopLoss: string; takeProfit: string } {
  return { stopLoss: `${groupId}-sl`, takeProfit: `${groupId}-tp` }
}

/**
 * What a broker reports, in the order it happened as far as it can tell. Prices in quote currency per unit, fees in USD.
 * A report may come twice or out of order and the desk copes; but the same fill always has the same `brokerTradeId`, and
 * no two fills share one.
 */
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
  /** The rest will not be filled: on request, because it expired (DAY, OPG), or because its OCO partner was filled. */
  | { type: 'cancelled'; clientOrderId: string; at: Date; reason?: string }

/** One execution. */
export type BrokerFill = Extract<BrokerEvent, { type: 'fill' }>

/**
 * What a query for one order answers: its state and everything that happened to it so far, the fills complete. `unknown`
 * is a statement, not a shrug: the broker never received it. An adapter that cannot tell (no connection, 5xx, rate
 * limit) throws.
 */
export type BrokerOrderState =
  | { status: 'unknown' }
  | { status: 'working' | 'filled' | 'cancelled' | 'rejected'; events: BrokerEvent[] }

/** An order that works at the broker, for reconciliation. */
export interface BrokerOpenOrder {
  clientOrderId: string
  brokerOrderId: string
  symbol: string
  side: OrderSide
  quantity: Decimal
  filledQuantity: Decimal
}

/** What the broker says is held of a symbol: signed, short is negative; never zero. */
export interface BrokerPosition {
  symbol: string
  quantity: Decimal
}

/** What the broker says the account holds, USD. */
export interface BrokerAccount {
  equity: Decimal
  cash: Decimal
}

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

/**
 * The port every broker implements. Outcomes arrive as events, never as return values.
 *
 * An adapter guarantees:
 * 1. `submit`, `submitOco` and `cancel` resolve once the broker has the request, and throw when it is unknown whether it
 *    arrived. A refusal that the broker states is no exception but a `rejected` event; so is a request that the adapter
 *    itself knows the broker will not take (`rejected` with the reason, nothing sent). They end within `SUBMIT_MS`: a
 *    kill switch waits for sends that are on their way before it is acknowledged.
 * 2. They never send twice on their own after a time-out. Whether a first try arrived is found out by `query`.
 * 3. The handler of `onEvents` is called again and again, never twice at a time, until it took what is reported (it throws
 *    while the database is away). What gathers during a call comes together; where that fails, the reports of each order
 *    come by themselves, so that no order holds up another. Nothing of an order comes before what was told of it earlier, as
 *    far as the broker keeps to that. Only what was taken is acknowledged to the broker, if it knows acknowledgements.
 * 4. Reports that were missed while the stream was away are not lost: after a reconnect the adapter delivers them, or
 *    `query` and `listFills` have them, and the desk asks.
 * 5. `cancel` of an order that is finished or unknown is no error and changes nothing. Cancelling one order of an OCO
 *    group cancels both, each with its own event. Filling one whole cancels the other; filling a part of one takes as
 *    much from what the other may still fill.
 * 6. The lists are complete (pages followed) and of one instant as far as the broker allows; they throw rather than
 *    answer a part.
 * 7. DAY orders expire at the close of their session. OPG orders and resting orders given while the market is closed are
 *    held by the desk and handed over in the session, so an adapter sends OPG as an order for now that does not rest.
 */
export interface Broker {
  readonly name: string
  /** Whether it keeps books of its own that ours are compared with (A06). One that lives on ours has nothing to say. */
  readonly hasOwnBooks: boolean
  /** Opens streams, if it has any. Called once, after `onEvents`. */
  start(): Promise<void>
  submit(order: BrokerOrder): Promise<void>
  submitOco(pair: BrokerOco): Promise<void>
  cancel(clientOrderId: string): Promise<void>
  query(clientOrderId: string): Promise<BrokerOrderState>
  /** Orders that work at the broker in this mode, children of groups included. None if it does not serve the mode. */
  listOpenOrders(mode: TradingMode): Promise<BrokerOpenOrder[]>
  listPositions(mode: TradingMode): Promise<BrokerPosition[]>
  /** Fills at or after an instant, oldest first. */
  listFills(mode: TradingMode, since: Date): Promise<BrokerFill[]>
  /** Null if it does not serve the mode, or its account is no more than the books. */
  account(mode: TradingMode): Promise<BrokerAccount | null>
  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void
  /** Simulated brokers trade against the deck's own feed; real ones ignore this. */
  onQuote(quote: Quote): void
  /** Whether it answers, for /v1/health. */
  status(): { connected: boolean; detail?: string }
  close(): Promise<void>
}

/** The longest that handing over a request may take. */
export const SUBMIT_MS = 5_000
