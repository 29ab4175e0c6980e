import type { Order } from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'
import { restOf } from './order-machine.ts'
import { coveredQuantity, protectiveGroups, reducingOrders, sumOfRest } from './protective-orders.ts'

type Asking = Pick<Order, 'symbol' | 'side' | 'quantity' | 'filledQuantity' | 'isEntry'>

/** Orders of a symbol that are kept back, oldest first. */
export function heldOrders(book: StrategyBook, symbol: string): Order[] {
  return [...book.working.values()].filter((order) => order.symbol === symbol && order.isHeld)
}

/**
 * True while the protective orders at the broker stand in an order's way: together they would close more than is held, and
 * the broker would refuse it, or fill both. They are cancelled first, and it waits for that.
 */
export function isInTheWay(book: StrategyBook, order: Asking, ahead: readonly Order[] = []): boolean {
  const groups = protectiveGroups(book, order.symbol)
  if (groups.length === 0) return false
  const position = book.open.get(order.symbol)
  // What is left of the protection of a position that is gone would close the next one.
  if (!position) return true
  if (position.side === order.side) return false
  if (order.isEntry) return true
  const others = reducingOrders(book, order.symbol, order.side).filter((other) => !other.isHeld)
  return coveredQuantity(groups)
    .plus(sumOfRest(others))
    .plus(sumOfRest(ahead))
    .plus(restOf(order))
    .gt(position.quantity.abs())
}

/** In its way, or behind one that is kept back: the opening leg of a reversal never overtakes its closing leg. */
export function mustHold(book: StrategyBook, order: Asking): boolean {
  return heldOrders(book, order.symbol).length > 0 || isInTheWay(book, order)
}
