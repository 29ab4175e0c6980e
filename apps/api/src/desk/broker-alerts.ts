import { formatInstant, type JsonValue, type Order } from '@quantdeck/domain'
import type { BrokerEvent, BrokerFill } from '../broker/port.ts'
import type { NewAlert } from './changes.ts'

interface Found {
  code: string
  message: string
  order: Pick<Order, 'strategyId'> | null
  event: BrokerEvent
}

/** A CRITICAL alert about a report that does not fit the books; once per fill, or per order and kind of report. */
export function brokerAlert({ code, message, order, event }: Found): NewAlert {
  const isFill = event.type === 'fill'
  return {
    severity: 'CRITICAL',
    code,
    message,
    context: {
      client_order_id: event.clientOrderId,
      ...(isFill ? fillFacts(event) : { report: event.type }),
    },
    strategyId: order?.strategyId ?? null,
    createdAt: event.at,
    dedupeKey: `${code}:${isFill ? event.brokerTradeId : `${event.clientOrderId}:${event.type}`}`,
  }
}

function fillFacts(event: BrokerFill): Record<string, JsonValue> {
  return {
    broker_trade_id: event.brokerTradeId,
    quantity: event.quantity.toFixed(),
    price: event.price.toFixed(),
    fee: event.fee.toFixed(),
    filled_at: formatInstant(event.at),
  }
}

/** A fill that belongs to no order of ours. */
export function unknownFill(event: BrokerFill, order: Order | null = null): NewAlert {
  return brokerAlert({
    code: 'UNKNOWN_FILL',
    message: `The broker filled an order that is not in the books: ${event.clientOrderId}`,
    order,
    event,
  })
}

export function lateFill(event: BrokerFill, order: Order): NewAlert {
  return brokerAlert({
    code: 'LATE_FILL',
    message: `The broker filled ${event.quantity.toFixed()} ${order.symbol} of an order that was ${order.status}`,
    order,
    event,
  })
}

/** The broker's trade id was booked with other figures: the booked ones stay. */
export function changedFill(event: BrokerFill, order: Order | null): NewAlert {
  return brokerAlert({
    code: 'FILL_CHANGED',
    message: `The broker reports its trade ${event.brokerTradeId} once more with other figures: the booked ones stay`,
    order,
    event,
  })
}
