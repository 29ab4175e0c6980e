import type { Order } from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { mustHold } from './hold-rules.ts'
import { judge, rejectedByRisk } from './judge.ts'
import { keepProtected } from './protection.ts'
import { reducesPosition } from './risk-books.ts'
import { putOrder } from './put-order.ts'

/**
 * Judges stored orders that never left once more, in the order in which they were given, and sends those that pass. They
 * are in doubt from then on: only the broker can say whether they arrived, and nobody sends them again without asking it.
 */
export function resubmit(
  ctx: DeskContext,
  book: StrategyBook,
  orders: readonly Order[],
  { mayHold = true }: { mayHold?: boolean } = {},
): void {
  // None of them may count against those before it: the opening leg of a reversal follows its closing leg.
  for (const order of orders) book.working.delete(order.orderId)
  for (const order of orders) {
    // Whether it opens or closes depends on what is held now.
    const isEntry = order.isEntry && !reducesPosition(book, order)
    const verdict = asIfNew(book, order, () => judge(ctx, book, { ...order, isEntry, allowDuplicate: true }))
    if (!verdict.allowed) putOrder(ctx, book, rejectedByRisk(order, verdict))
    else if (mayHold && mustHold(book, order)) {
      putOrder(ctx, book, { ...order, isHeld: true, inDoubt: false })
      keepProtected(ctx, book, order.symbol)
    } else {
      const released: Order = { ...order, isHeld: false, inDoubt: true }
      putOrder(ctx, book, released)
      ctx.changes.commands.push({ type: 'submit', order: released })
    }
  }
}

/** Its own submission does not count against it: rates were judged when it was given. */
function asIfNew<T>(book: StrategyBook, order: Order, look: () => T): T {
  const { recent, messageBucket } = book
  book.recent = recent.filter(({ orderId }) => orderId !== order.orderId)
  book.messageBucket = null
  try {
    return look()
  } finally {
    Object.assign(book, { recent, messageBucket })
  }
}
