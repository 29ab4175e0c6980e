import { Decimal } from '@quantdeck/domain'
import type { BrokerEvent, BrokerFill, BrokerOco, BrokerOrder } from '../port.ts'
import { shown } from './problems.ts'
import type { AlpacaFill, AlpacaLeg, TradeUpdate } from './wire.ts'

/** Where an order stands, in the words of the port. */
export type Standing = 'working' | 'filled' | 'cancelled' | 'rejected' | 'replaced' | 'unheard'

/** https://docs.alpaca.markets/docs/orders-at-alpaca#order-lifecycle */
const STANDINGS: Record<string, Standing> = {
  new: 'working',
  accepted: 'working',
  accepted_for_bidding: 'working',
  pending_new: 'working',
  pending_cancel: 'working',
  pending_replace: 'working',
  pending_review: 'working',
  partially_filled: 'working',
  done_for_day: 'working',
  calculated: 'working',
  stopped: 'working',
  suspended: 'working',
  held: 'working',
  filled: 'filled',
  canceled: 'cancelled',
  expired: 'cancelled',
  rejected: 'rejected',
  replaced: 'replaced',
}

/** `unheard` for a word that Alpaca did not publish: nothing is concluded from it. */
export function standingOf({ status }: Pick<AlpacaLeg, 'status'>): Standing {
  return Object.hasOwn(STANDINGS, status) ? (STANDINGS[status] ?? 'unheard') : 'unheard'
}

/** Why an order is not sent at all; null if it may be. */
export function unsupported(order: BrokerOrder): string | null {
  if (order.symbol.includes('/')) {
    return `${shown(order.symbol)} is a pair: the Alpaca adapter trades US stocks and ETFs only`
  }
  if (order.timeInForce === 'OPG' && order.orderType === 'STOP') return 'a STOP cannot be OPG'
  if (order.orderType === 'LIMIT' && !order.limitPrice?.gt(0)) return 'a LIMIT needs a limit price'
  if (order.orderType === 'STOP' && !order.stopPrice?.gt(0)) return 'a STOP needs a stop price'
  return order.quantity.gt(0) ? null : 'the quantity is not positive'
}

/**
 * The desk hands OPG orders over once the session is open, so that they are orders for now that do not rest: a market
 * order for the day, a limit that is filled at once or cancelled.
 */
function timeInForce({ timeInForce, orderType }: BrokerOrder): 'day' | 'gtc' | 'ioc' {
  if (timeInForce === 'OPG') return orderType === 'LIMIT' ? 'ioc' : 'day'
  return timeInForce === 'GTC' ? 'gtc' : 'day'
}

/** The body of `POST /v2/orders`. */
export function toOrderBody(order: BrokerOrder): Record<string, unknown> {
  return {
    symbol: order.symbol,
    qty: order.quantity.toFixed(),
    side: order.side === 'BUY' ? 'buy' : 'sell',
    type: order.orderType.toLowerCase(),
    time_in_force: timeInForce(order),
    client_order_id: order.clientOrderId,
    ...(order.orderType === 'LIMIT' && { limit_price: order.limitPrice?.toFixed() }),
    ...(order.orderType === 'STOP' && { stop_price: order.stopPrice?.toFixed() }),
  }
}

/** https://docs.alpaca.markets/docs/orders-at-alpaca#oco-orders: one order of type limit, the stop is its leg. */
export function toOcoBody({ stopLoss, takeProfit }: BrokerOco): Record<string, unknown> {
  const { limit_price: limit, ...body } = toOrderBody(takeProfit)
  return {
    ...body,
    order_class: 'oco',
    take_profit: { limit_price: limit },
    stop_loss: { stop_price: stopLoss.stopPrice?.toFixed() },
  }
}

/** What an order that Alpaca has under our id differs in from what we sent; null if in nothing. */
export function differenceFrom(sent: BrokerOrder, held: AlpacaLeg): string | null {
  const facts: [string, string, string][] = [
    ['client_order_id', sent.clientOrderId, held.client_order_id],
    ['symbol', sent.symbol, held.symbol],
    ['side', sent.side, held.side.toUpperCase()],
    ['qty', sent.quantity.toFixed(), held.qty?.toFixed() ?? 'none'],
  ]
  const found = facts.find(([, ours, theirs]) => ours !== theirs)
  return found ? `${found[0]} is ${shown(found[2])} instead of ${found[1]}` : null
}

export function acceptedEvent(clientOrderId: string, order: AlpacaLeg, now: Date): BrokerEvent {
  return { type: 'accepted', clientOrderId, brokerOrderId: order.id, at: order.submitted_at ?? now }
}

/** The event that ends an order, if it has ended. */
export function endingEvent(clientOrderId: string, order: AlpacaLeg, now: Date): BrokerEvent | null {
  const standing = standingOf(order)
  const at = order.canceled_at ?? order.expired_at ?? order.failed_at ?? order.updated_at ?? now
  if (standing === 'rejected') {
    return {
      type: 'rejected',
      clientOrderId,
      reason: 'Alpaca rejected the order after it had accepted it',
      at,
    }
  }
  if (standing !== 'cancelled') return null
  return { type: 'cancelled', clientOrderId, at, ...(order.status === 'expired' && { reason: 'it expired' }) }
}

/**
 * The identity of an execution. The stream names it by `execution_id`, the list of activities by an id of its own, and
 * nothing published says that the two agree; but both tell the order and how much of it was filled with this execution,
 * which no two executions share.
 */
function tradeId(orderId: string, cumulative: Decimal): string {
  return `${orderId}:${cumulative.toFixed()}`
}

/** Alpaca takes no commission on stocks; what regulators charge on sales comes as account activities of its own. */
const FEE = new Decimal(0)

export function fillOfActivity(clientOrderId: string, fill: AlpacaFill): BrokerFill {
  return {
    type: 'fill',
    clientOrderId,
    brokerOrderId: fill.order_id,
    brokerTradeId: tradeId(fill.order_id, fill.cum_qty),
    quantity: fill.qty,
    price: fill.price,
    fee: FEE,
    at: fill.transaction_time,
  }
}

/** The execution that an update tells of; null if what it says does not go together. */
export function fillOfUpdate(clientOrderId: string, update: TradeUpdate, now: Date): BrokerFill | null {
  const { order, qty, price, timestamp } = update
  if (!qty || !price || qty.gt(order.filled_qty)) return null
  if (order.qty && order.filled_qty.gt(order.qty)) return null
  return {
    type: 'fill',
    clientOrderId,
    brokerOrderId: order.id,
    brokerTradeId: tradeId(order.id, order.filled_qty),
    quantity: qty,
    price,
    fee: FEE,
    at: timestamp ?? now,
  }
}
