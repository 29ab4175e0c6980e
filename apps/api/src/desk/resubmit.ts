import type { Order } from '@quantdeck/domain'
import { evaluateAtOpen } from '@quantdeck/risk'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { mustHold } from './hold-rules.ts'
import { judge, rejectedByRisk } from './judge.ts'
import { keepProtected } from './protection.ts'
import { reducesPosition } from './risk-books.ts'
import { putOrder } from './put-order.ts'

/**
 * Judges stored orders that never left once more, in the order in which they were given and by what may have changed since
 * (rates, duplicates, signal and shape were judged when they were accepted), and sends those that pass. They
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
    const verdict = judge(ctx, book, { ...order, isEntry }, { rules: evaluateAtOpen })
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
