import type { OrderSide, OrderStatus } from '@quantdeck/domain'
import type { BrokerEvent } from '../../../src/broker/port.ts'

/** What a system under test says of an order. */
export interface OrderView {
  clientOrderId: string
  side: OrderSide
  status: OrderStatus
  quantity: number
  filled: number
  average: number | null
  groupId: string | null
  isHeld: boolean
}

/** What a system under test says at all. */
export interface SystemView {
  orders: OrderView[]
  tradeIds: string[]
  position: number
  /** Realised result minus cost of what is open, quote currency, exact: what the fills left in cash. */
  cash: string
  hasBracket: boolean
  alerts: string[]
}

interface ModelOrder {
  side: OrderSide
  status: OrderStatus
  quantity: number
  filled: number
  /** Sum of units x cents. */
  notional: number
  lowest: number
  highest: number
  /** It had been over before a late fill came. */
  hadEnded: boolean
}

/**
 * The order machine in numbers, written from the specification and not from the product: what a list of orders must look
 * like after any sequence of reports. Units are whole, prices are cents.
 */
export class Reference {
  readonly orders = new Map<string, ModelOrder>()
  readonly trades = new Set<string>()
  readonly alerts = new Set<string>()
  position = 0
  cashCents = 0

  register(view: OrderView): void {
    const { side, status, quantity } = view
    this.orders.set(view.clientOrderId, {
      ...{ side, status, quantity, filled: 0, notional: 0 },
      ...{ lowest: Infinity, highest: -Infinity, hadEnded: false },
    })
  }

  report(event: BrokerEvent): void {
    const order = this.orders.get(event.clientOrderId)
    if (event.type === 'fill') return this.#fill(order, event)
    if (!order) return
    const isWorking = order.status === 'PENDING' || order.status === 'SUBMITTED'
    if (event.type === 'accepted') {
      if (isWorking) order.status = 'SUBMITTED'
    } else if (isWorking) {
      order.status = event.type === 'rejected' && order.filled === 0 ? 'REJECTED' : 'CANCELLED'
    } else if (order.status === 'FILLED' && !order.hadEnded) {
      this.alerts.add('BROKER_CONTRADICTION')
    }
  }

  #fill(order: ModelOrder | undefined, event: Extract<BrokerEvent, { type: 'fill' }>): void {
    if (this.trades.has(event.brokerTradeId)) return
    const [units, cents] = [event.quantity.toNumber(), event.price.times(100).toNumber()]
    if (!order) {
      this.alerts.add('UNKNOWN_FILL')
    } else if (units <= 0 || cents <= 0) {
      this.alerts.add('BAD_FILL')
    } else if (order.filled + units > order.quantity) {
      this.alerts.add('OVERFILL')
    } else {
      this.trades.add(event.brokerTradeId)
      this.#book(order, units, cents)
    }
  }

  #book(order: ModelOrder, units: number, cents: number): void {
    const isWorking = order.status === 'PENDING' || order.status === 'SUBMITTED'
    if (!isWorking) {
      this.alerts.add('LATE_FILL')
      order.hadEnded = true
    }
    order.filled += units
    order.notional += units * cents
    order.lowest = Math.min(order.lowest, cents)
    order.highest = Math.max(order.highest, cents)
    order.status = order.filled === order.quantity ? 'FILLED' : isWorking ? 'SUBMITTED' : 'CANCELLED'
    const signed = order.side === 'BUY' ? units : -units
    this.position += signed
    this.cashCents -= signed * cents
  }
}
