import { type Decimal, type Order, type ViolationRecord, ZERO } from '@quantdeck/domain'
import type { BrokerEvent, BrokerFill } from '../broker/port.ts'

/** A report that does not fit what the books say. It is told to a person and changes nothing. */
export type Contradiction = 'OVERFILL' | 'BAD_FILL' | 'BROKER_CONTRADICTION'

/** What a report does to an order: the order after it, and what is odd about it. */
export interface Step {
  order: Order
  /** The fill to book, if it is one. */
  fill: BrokerFill | null
  /** A fill of an order that was finished: booked, and told to a person. */
  isLate: boolean
  contradiction: { code: Contradiction; message: string } | null
}

export function isWorking({ status }: Pick<Order, 'status'>): boolean {
  return status === 'PENDING' || status === 'SUBMITTED'
}

/** Units of an order that are not filled yet. */
export function restOf(order: Pick<Order, 'quantity' | 'filledQuantity'>): Decimal {
  return order.quantity.minus(order.filledQuantity)
}

/**
 * The order machine: PENDING -> SUBMITTED -> FILLED | CANCELLED | REJECTED. Pure. Finished orders change by a late fill
 * only; whoever calls has dropped fills that are booked already.
 */
export function step(order: Order, event: BrokerEvent): Step {
  switch (event.type) {
    case 'accepted':
      return accept(order, event)
    case 'rejected':
      return end(order, event, refused)
    case 'cancelled':
      return end(order, event, cancelled)
    case 'fill':
      return fill(order, event)
  }
}

function accept(order: Order, event: Extract<BrokerEvent, { type: 'accepted' }>): Step {
  const { brokerOrderId } = event
  if (order.brokerOrderId !== null && order.brokerOrderId !== brokerOrderId) {
    return odd(order, `the broker accepted it as ${brokerOrderId}, and knew it as ${order.brokerOrderId}`)
  }
  if (order.rejectedBy === 'risk') return odd(order, 'the broker accepted what was refused here')
  const isNews = order.brokerOrderId === null || order.status === 'PENDING' || order.inDoubt
  if (!isNews) return plain(order)
  const known = { ...order, brokerOrderId }
  return plain(isWorking(order) ? { ...known, status: 'SUBMITTED', inDoubt: false, isHeld: false } : known)
}

type Ending = Extract<BrokerEvent, { type: 'rejected' | 'cancelled' }>

/** An end that comes twice is no news; one of an order that was filled, or never left here, is none of ours. */
function end<E extends Ending>(order: Order, event: E, ended: (order: Order, event: E) => Order): Step {
  if (isWorking(order)) return plain({ ...ended(order, event), inDoubt: false, isHeld: false })
  const hadEnded = order.status !== 'FILLED' || order.cancelledAt !== null
  if (!hadEnded || order.rejectedBy === 'risk') {
    return odd(order, `the broker reports it ${event.type}, it is ${order.status} here`)
  }
  return plain(order)
}

/** REJECTED; but what was filled in part before stays filled, and only the rest is gone. */
function refused(order: Order, { reason, at }: Extract<BrokerEvent, { type: 'rejected' }>): Order {
  const violations = [brokerRefusal(reason)]
  return order.filledQuantity.isZero()
    ? { ...order, status: 'REJECTED', rejectedBy: 'broker', violations }
    : { ...order, status: 'CANCELLED', cancelledAt: at, violations }
}

function cancelled(order: Order, { at }: Extract<BrokerEvent, { type: 'cancelled' }>): Order {
  return { ...order, status: 'CANCELLED', cancelledAt: at }
}

function fill(order: Order, event: BrokerFill): Step {
  if (!isPositive(event.quantity) || !isPositive(event.price) || !event.fee.isFinite()) {
    const message = `The broker reported a fill of ${event.quantity.toFixed()} ${order.symbol} at ${event.price.toFixed()} with a fee of ${event.fee.toFixed()}: not booked`
    return { ...plain(order), contradiction: { code: 'BAD_FILL', message } }
  }
  const filledQuantity = order.filledQuantity.plus(event.quantity)
  if (filledQuantity.gt(order.quantity)) {
    const message = `The broker filled ${filledQuantity.toFixed()} of an order of ${order.quantity.toFixed()} ${order.symbol}: not booked, compare positions with the broker`
    return { ...plain(order), contradiction: { code: 'OVERFILL', message } }
  }
  return {
    order: filled(order, event, filledQuantity),
    fill: event,
    isLate: !isWorking(order),
    contradiction: null,
  }
}

const isPositive = (value: Decimal): boolean => value.isFinite() && value.gt(0)

/** FILLED iff all of it is. An order that was finished before stays finished. */
function filled(order: Order, event: BrokerFill, filledQuantity: Decimal): Order {
  const isComplete = filledQuantity.eq(order.quantity)
  const notional = (order.averageFillPrice ?? ZERO)
    .times(order.filledQuantity)
    .plus(event.price.times(event.quantity))
  return {
    ...order,
    status: isComplete ? 'FILLED' : isWorking(order) ? 'SUBMITTED' : 'CANCELLED',
    rejectedBy: null,
    inDoubt: false,
    isHeld: false,
    brokerOrderId: order.brokerOrderId ?? event.brokerOrderId,
    filledQuantity,
    averageFillPrice: order.filledQuantity.isZero()
      ? event.price
      : notional.div(filledQuantity).toDecimalPlaces(18),
    fees: order.fees.plus(event.fee),
    filledAt: isComplete ? event.at : null,
    // Of a late fill: that it had ended stays written, so that the broker may repeat it.
    cancelledAt: isWorking(order) ? null : (order.cancelledAt ?? event.at),
  }
}

function plain(order: Order): Step {
  return { order, fill: null, isLate: false, contradiction: null }
}

function odd(order: Order, what: string): Step {
  const message = `${order.symbol} order ${order.clientOrderId}: ${what}`
  return { ...plain(order), contradiction: { code: 'BROKER_CONTRADICTION', message } }
}

function brokerRefusal(reason: string): ViolationRecord {
  return {
    code: 'BROKER_REJECTED',
    scope: 'broker',
    limit: null,
    observed: null,
    unit: null,
    message: reason,
  }
}
