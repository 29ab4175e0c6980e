import { type Decimal, type Order, type OrderSide, type Position, ZERO } from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'
import { restOf } from './order-machine.ts'

/** Stop loss and take profit orders that rest at the broker for a position. */
export function isProtective(order: Pick<Order, 'ocoGroupId'>): boolean {
  return order.ocoGroupId !== null
}

/** Orders that protect the same part of a position: one or two, of which only one can fill whole. */
export interface ProtectiveGroup {
  groupId: string
  orders: Order[]
}

/** The working protective orders of a symbol, oldest first. */
export function protectiveGroups(book: StrategyBook, symbol: string): ProtectiveGroup[] {
  const groups = new Map<string, ProtectiveGroup>()
  for (const order of book.working.values()) {
    if (order.symbol !== symbol || order.ocoGroupId === null) continue
    const group = groups.get(order.ocoGroupId) ?? { groupId: order.ocoGroupId, orders: [] }
    group.orders.push(order)
    groups.set(order.ocoGroupId, group)
  }
  return [...groups.values()]
}

/** Units that a group still closes. What one of a pair has filled, the other does not fill any more. */
export function groupRest({ orders }: ProtectiveGroup): Decimal {
  const [first] = orders
  if (!first) return ZERO
  return orders.reduce((rest, order) => rest.minus(order.filledQuantity), first.quantity)
}

export function coveredQuantity(groups: readonly ProtectiveGroup[]): Decimal {
  return groups.reduce((sum, group) => sum.plus(groupRest(group)), ZERO)
}

/** Working orders of one side in a symbol that reduce a position, other than its protection: that gives way to them. */
export function reducingOrders(book: StrategyBook, symbol: string, side: OrderSide): Order[] {
  return [...book.working.values()].filter(
    (order) => order.symbol === symbol && order.side === side && !order.isEntry && !isProtective(order),
  )
}

export function sumOfRest(orders: readonly Order[]): Decimal {
  return orders.reduce((sum, order) => sum.plus(restOf(order)), ZERO)
}

export function closingSide(position: Pick<Position, 'quantity'>): OrderSide {
  return position.quantity.gt(0) ? 'SELL' : 'BUY'
}
