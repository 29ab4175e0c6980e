import { type Order, ZERO } from '@quantdeck/domain'
import { evaluate, type RiskSignal, type Verdict } from '@quantdeck/risk'
import type { StrategyBook } from './books.ts'
import { putOrder } from './broker-events.ts'
import type { DeskContext } from './context.ts'
import type { OrderDraft } from './order-draft.ts'
import { remember } from './recent.ts'
import { foldStrategy } from './risk-fold.ts'
import { type Permission, riskRequest, riskStates, scopedLimits } from './risk-request.ts'
import { violationsOf } from './violations.ts'
import { isWaiting, mayLeave } from './waiting.ts'

export interface Submission {
  order: Order
  verdict: Verdict
}

interface AskedBy {
  permission?: Permission
  signal?: RiskSignal | null
}

const PERMITTED: Permission = { allowed: true, reason: null }

/**
 * The one path of every order: judged by the risk engine, then stored, and only after the commit handed to the broker.
 * A refused order is stored as REJECTED with its violations. An order for the next open waits as PENDING.
 */
export function submitOrder(
  ctx: DeskContext,
  book: StrategyBook,
  draft: OrderDraft,
  asked: AskedBy = {},
): Submission {
  const verdict = judge(ctx, book, draft, asked)
  const order = toOrder(ctx, draft, verdict)
  ctx.changes.newOrders.set(order.orderId, order)
  ctx.changes.orderChecks.set(order.orderId, verdict.checks)
  if (verdict.allowed) remember(ctx.books, book, order, ctx.at)
  putOrder(ctx, book, order)
  countCollarBreach(ctx, book, verdict)
  if (verdict.allowed && !isWaiting(ctx.books, order)) ctx.changes.commands.push({ type: 'submit', order })
  return { order, verdict }
}

/** What the risk engine says of a draft, without doing anything: the preview. */
export function judge(
  ctx: DeskContext,
  book: StrategyBook,
  draft: OrderDraft,
  { permission = PERMITTED, signal = null }: AskedBy = {},
): Verdict {
  const request = riskRequest(ctx, book, { draft, permission, signal })
  return evaluate(request, riskStates(ctx, book), scopedLimits(ctx.books, book))
}

/** R07: repeated breaches put the strategy into REDUCING. A price that cannot be compared is no breach. */
function countCollarBreach(ctx: DeskContext, book: StrategyBook, { violations }: Verdict): void {
  const breached = violations.some(({ code, observed }) => code === 'PRICE_COLLAR' && observed !== null)
  if (breached) foldStrategy(ctx, book, { type: 'collar_breached', at: ctx.at.getTime() })
}

function toOrder(ctx: DeskContext, draft: OrderDraft, verdict: Verdict): Order {
  const orderId = ctx.newId()
  return {
    orderId,
    seq: 0,
    clientOrderId: draft.clientOrderId ?? `qd-${orderId}`,
    mode: ctx.books.mode,
    strategyId: draft.strategyId,
    symbol: draft.symbol,
    side: draft.side,
    quantity: draft.quantity,
    orderType: draft.orderType,
    limitPrice: draft.limitPrice,
    stopPrice: draft.stopPrice,
    timeInForce: draft.timeInForce,
    status: verdict.allowed ? 'PENDING' : 'REJECTED',
    filledQuantity: ZERO,
    averageFillPrice: null,
    fees: ZERO,
    origin: draft.origin,
    isEntry: draft.isEntry,
    reduceOnly: draft.reduceOnly,
    signalId: draft.signalId,
    stopLoss: draft.stopLoss,
    takeProfit: draft.takeProfit,
    rejectedBy: verdict.allowed ? null : 'risk',
    violations: violationsOf(verdict),
    brokerOrderId: null,
    inDoubt: false,
    submittedAt: ctx.at,
    filledAt: null,
    cancelledAt: null,
  }
}

/** Orders that waited for the open: judged again by today's facts, then sent or rejected. */
export function releaseWaitingOrders(ctx: DeskContext, symbol: string): void {
  const instrument = ctx.books.instruments.get(symbol)
  if (!instrument) return
  for (const book of ctx.books.strategies.values()) {
    const due = [...book.working.values()].filter(
      (order) =>
        order.symbol === symbol && isWaiting(ctx.books, order) && mayLeave(instrument, order, ctx.at),
    )
    resubmit(ctx, book, due)
  }
}

/**
 * Judges stored orders that never left once more, in the order in which they were given, and sends those that pass. They
 * are in doubt from then on: only the broker can say whether they arrived, and nobody sends them again without asking it.
 */
export function resubmit(ctx: DeskContext, book: StrategyBook, orders: readonly Order[]): void {
  // None of them may count against those before it: the opening leg of a reversal follows its closing leg.
  for (const order of orders) book.working.delete(order.orderId)
  for (const order of orders) {
    const verdict = judge(ctx, book, { ...order, allowDuplicate: true })
    if (verdict.allowed) {
      const released: Order = { ...order, inDoubt: true }
      putOrder(ctx, book, released)
      ctx.changes.commands.push({ type: 'submit', order: released })
    } else {
      putOrder(ctx, book, rejectedByRisk(order, verdict))
    }
  }
}

function rejectedByRisk(order: Order, verdict: Verdict): Order {
  return { ...order, status: 'REJECTED', rejectedBy: 'risk', violations: violationsOf(verdict) }
}
