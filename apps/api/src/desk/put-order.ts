import type { Order } from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { orderMessage } from './messages.ts'
import { isWorking } from './order-machine.ts'

/** Stores an order's new state and keeps it in the working set only while it works. */
export function putOrder(ctx: DeskContext, book: StrategyBook, order: Order): void {
  ctx.changes.putOrder(order)
  if (isWorking(order)) {
    book.working.set(order.orderId, order)
  } else {
    book.working.delete(order.orderId)
    book.cancelling.delete(order.orderId)
  }
  ctx.changes.outbox.push(orderMessage(order))
}

/** Ends an order that never left here. */
export function cancelHere(ctx: DeskContext, book: StrategyBook, order: Order, reason?: string): Order {
  const cancelled: Order = { ...order, status: 'CANCELLED', isHeld: false, cancelledAt: ctx.at }
  putOrder(ctx, book, cancelled)
  if (reason !== undefined) ctx.changes.reasons.set(order.orderId, reason)
  return cancelled
}
