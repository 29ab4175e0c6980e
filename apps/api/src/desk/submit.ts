import type { Order } from '@quantdeck/domain'
import type { Verdict } from '@quantdeck/risk'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { mustHold } from './hold-rules.ts'
import { type AskedBy, judge, newOrder, rejectedByRisk } from './judge.ts'
import type { OrderDraft } from './order-draft.ts'
import { keepProtected } from './protection.ts'
import { putOrder } from './put-order.ts'
import { remember } from './recent.ts'
import { resubmit } from './resubmit.ts'
import { foldStrategy } from './risk-fold.ts'
import { isWaiting, mayLeave } from './waiting.ts'

export interface Submission {
  order: Order
  verdict: Verdict
}

/**
 * The one path of every order: judged by the risk engine, then stored, and only after the commit handed to the broker.
 * A refused order is stored as REJECTED with its violations. An order for the next open waits as PENDING, and so does one
 * that protective orders at the broker are in the way of, until those are cancelled.
 */
export function submitOrder(
  ctx: DeskContext,
  book: StrategyBook,
  draft: OrderDraft,
  asked: AskedBy = {},
): Submission {
  const verdict = judge(ctx, book, draft, asked)
  const order = firstState(ctx, book, newOrder(ctx, draft), verdict)
  ctx.changes.newOrders.set(order.orderId, order)
  ctx.changes.orderChecks.set(order.orderId, verdict.checks)
  if (verdict.allowed) remember(ctx.books, book, order, ctx.at)
  putOrder(ctx, book, order)
  countCollarBreach(ctx, book, verdict)
  if (order.isHeld) keepProtected(ctx, book, order.symbol)
  else if (verdict.allowed && !isWaiting(ctx.books, order))
    ctx.changes.commands.push({ type: 'submit', order })
  return { order, verdict }
}

function firstState(ctx: DeskContext, book: StrategyBook, order: Order, verdict: Verdict): Order {
  if (!verdict.allowed) return rejectedByRisk(order, verdict)
  const isHeld = !isWaiting(ctx.books, order) && mustHold(book, order)
  return { ...order, isHeld }
}

/** R07: repeated breaches put the strategy into REDUCING. A price that cannot be compared is no breach. */
function countCollarBreach(ctx: DeskContext, book: StrategyBook, { violations }: Verdict): void {
  const breached = violations.some(({ code, observed }) => code === 'PRICE_COLLAR' && observed !== null)
  if (breached) foldStrategy(ctx, book, { type: 'collar_breached', at: ctx.at.getTime() })
}

/** Orders that waited for the open: judged again by today's facts, then sent or rejected. */
export function releaseWaitingOrders(ctx: DeskContext, symbol: string): void {
  const instrument = ctx.books.instruments.get(symbol)
  if (!instrument) return
  for (const book of ctx.books.strategies.values()) {
    const due = [...book.working.values()].filter(
      (order) =>
        order.symbol === symbol &&
        !order.isHeld &&
        isWaiting(ctx.books, order) &&
        mayLeave(instrument, order, ctx.at),
    )
    resubmit(ctx, book, due)
  }
}
