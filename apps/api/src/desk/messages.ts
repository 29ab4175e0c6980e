import type { Alert, Order, Position, Signal } from '@quantdeck/domain'
import type { OutboxMessage } from './changes.ts'

/** The literal `data` of a WebSocket signal message, with the additive symbol. */
export function signalMessage(signal: Signal, price: number): OutboxMessage {
  return {
    topic: 'signals',
    key: signal.strategyId,
    at: signal.signalAt,
    payload: {
      strategy_code: signal.strategyId,
      signal: signal.signal,
      confidence: signal.confidence,
      price,
      reasoning: signal.reasoning,
      symbol: signal.symbol,
    },
  }
}

export function orderMessage(order: Order): OutboxMessage {
  return {
    topic: 'orders',
    key: order.strategyId,
    payload: {
      order_id: order.orderId,
      strategy_id: order.strategyId,
      symbol: order.symbol,
      side: order.side,
      mode: order.mode,
      status: order.status,
      filled_quantity: order.filledQuantity.toFixed(),
    },
  }
}

export function positionMessage(position: Position): OutboxMessage {
  return {
    topic: 'positions',
    key: position.strategyId,
    payload: {
      position_id: position.positionId,
      strategy_id: position.strategyId,
      symbol: position.symbol,
      mode: position.mode,
      quantity: position.quantity.toFixed(),
      closed: position.closedAt !== null,
    },
  }
}

export function alertMessage(
  alert: Pick<Alert, 'alertId' | 'strategyId' | 'severity' | 'code' | 'message' | 'createdAt'>,
): OutboxMessage {
  return {
    topic: 'alerts',
    key: alert.strategyId,
    payload: { alert_id: alert.alertId, severity: alert.severity, code: alert.code, message: alert.message },
  }
}
