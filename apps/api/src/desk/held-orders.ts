import type { Order } from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { heldOrders, isInTheWay } from './hold-rules.ts'
import { newOrder } from './judge.ts'
import { keepProtected } from './protection.ts'
import { isProtective } from './protective-orders.ts'
import { cancelHere, putOrder } from './put-order.ts'
import { resubmit } from './resubmit.ts'
import { isWaiting } from './waiting.ts'

/** What has to follow in a symbol once its orders or its position have changed. */
export function settleSymbol(ctx: DeskContext, book: StrategyBook, symbol: string): void {
  if (!book.open.has(symbol)) cancelOrphans(ctx, book, symbol)
  releaseHeld(ctx, book, symbol)
  keepProtected(ctx, book, symbol)
}

/** Exits of a position that something else has closed: filled, they would open one that nobody asked for. */
function cancelOrphans(ctx: DeskContext, book: StrategyBook, symbol: string): void {
  for (const order of [...book.working.values()]) {
    if (order.symbol !== symbol || order.isEntry || isProtective(order)) continue
    if (isWaiting(ctx.books, order)) {
      cancelHere(ctx, book, order, 'its position was closed while it waited')
    } else if (order.orderType !== 'MARKET' && !book.cancelling.has(order.orderId)) {
      book.cancelling.add(order.orderId)
      ctx.changes.commands.push({ type: 'cancel', order })
    }
  }
}

/** Sends what waited for protective orders to go, in its order, as far as nothing is in the way any more. */
function releaseHeld(ctx: DeskContext, book: StrategyBook, symbol: string): void {
  const ready: Order[] = []
  for (const order of heldOrders(book, symbol)) {
    const wanted = stillWanted(ctx, book, order)
    if (!wanted) continue
    if (isInTheWay(book, wanted, ready)) break
    ready.push(wanted)
  }
  if (ready.length > 0) resubmit(ctx, book, ready, { mayHold: false })
}

/**
 * A close of what a stop has closed meanwhile is over, and one of more than is left is replaced by one of what is left:
 * the rest would open a position that nobody asked for.
 */
function stillWanted(ctx: DeskContext, book: StrategyBook, order: Order): Order | null {
  if (order.isEntry) return order
  const position = book.open.get(order.symbol)
  if (!position || position.side === order.side) {
    cancelHere(ctx, book, order, 'its position was closed while it waited')
    return null
  }
  const left = position.quantity.abs()
  if (order.quantity.lte(left)) return order
  cancelHere(ctx, book, order, `only ${left.toFixed()} was left to close: replaced`)
  const smaller: Order = {
    ...newOrder(ctx, { ...order, quantity: left, clientOrderId: undefined }),
    isHeld: true,
  }
  ctx.changes.newOrders.set(smaller.orderId, smaller)
  putOrder(ctx, book, smaller)
  return smaller
}
