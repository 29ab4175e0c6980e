import type { Order } from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { settleSymbol } from './held-orders.ts'
import { dropProtection } from './protection.ts'
import { isProtective } from './protective-orders.ts'
import { cancelHere } from './put-order.ts'
import { isWaiting } from './waiting.ts'

/**
 * Cancels a working order: one that never left here at once, one at the broker when the broker says so. Cancelling a stop
 * or target takes it out of the position's bracket, or it would be placed again.
 */
export function cancelWorking(ctx: DeskContext, book: StrategyBook, order: Order): Order {
  if (isProtective(order)) {
    dropProtection(ctx, book, order)
    return order
  }
  if (!isWaiting(ctx.books, order)) {
    book.cancelling.add(order.orderId)
    ctx.changes.commands.push({ type: 'cancel', order })
    return order
  }
  const cancelled = cancelHere(ctx, book, order)
  if (order.isHeld) settleSymbol(ctx, book, order.symbol)
  return cancelled
}
