import { calendarById, isOpen, type Order, unitValueUsd, ZERO } from '@quantdeck/domain'
import { evaluate, fullBucket, type RiskSignal, spendToken, type Verdict } from '@quantdeck/risk'
import type { StrategyBook } from './books.ts'
import { putOrder } from './broker-events.ts'
import type { DeskContext } from './context.ts'
import type { OrderDraft } from './order-draft.ts'
import { type Permission, riskRequest, riskStates, scopedLimits } from './risk-request.ts'
import { violationsOf } from './violations.ts'

/** How far back the rate, window and duplicate checks look. */
const RECENT_MS = 60_000

export interface Submission {
  order: Order
  verdict: Verdict
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
  asked: { permission?: Permission; signal?: RiskSignal | null } = {},
): Submission {
  const verdict = judge(ctx, book, draft, asked)
  const order = toOrder(ctx, draft, verdict)
  ctx.changes.newOrders.set(order.orderId, order)
  ctx.changes.orderChecks.set(order.orderId, verdict.checks)
  remember(ctx, book, draft)
  putOrder(ctx, book, order)
  if (verdict.allowed && draft.timeInForce !== 'OPG') ctx.changes.commands.push({ type: 'submit', order })
  return { order, verdict }
}

/** What the risk engine says of a draft, without doing anything: the preview. */
export function judge(
  ctx: DeskContext,
  book: StrategyBook,
  draft: OrderDraft,
  asked: { permission?: Permission; signal?: RiskSignal | null } = {},
): Verdict {
  const permission = asked.permission ?? PERMITTED
  const request = riskRequest(ctx.books, book, {
    draft,
    at: ctx.at,
    permission,
    signal: asked.signal ?? null,
  })
  return evaluate(request, riskStates(ctx.books, book), scopedLimits(ctx.books, book))
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

/** Counts the submission for the message rate, the rolling notional and the duplicate check. */
function remember(ctx: DeskContext, book: StrategyBook, draft: OrderDraft): void {
  const now = ctx.at.getTime()
  const perSecond = book.limits.messagesPerSecond
  book.messageBucket =
    spendToken(book.messageBucket ?? fullBucket(perSecond, now), perSecond, now) ?? book.messageBucket
  const instrument = ctx.books.instruments.get(draft.symbol)
  const price = draft.limitPrice ?? draft.stopPrice ?? ctx.books.marks.get(draft.symbol)?.price
  const notional = instrument && price ? unitValueUsd(instrument, price).times(draft.quantity) : ZERO
  book.recent = book.recent.filter((recent) => recent.at > now - RECENT_MS)
  book.recent.push({
    at: now,
    symbol: draft.symbol,
    side: draft.side,
    orderType: draft.orderType,
    quantity: draft.quantity.toFixed(),
    price: draft.limitPrice?.toFixed() ?? null,
    notionalUsd: notional.toDecimalPlaces(8).toFixed(),
  })
}

/** Orders that waited for the open: judged again by today's facts, then sent or rejected. */
export function releaseWaitingOrders(ctx: DeskContext, symbol: string): void {
  const instrument = ctx.books.instruments.get(symbol)
  if (!instrument || !isOpen(calendarById(instrument.calendar), ctx.at)) return
  for (const book of ctx.books.strategies.values()) {
    for (const order of [...book.working.values()]) {
      if (
        order.symbol === symbol &&
        order.timeInForce === 'OPG' &&
        order.status === 'PENDING' &&
        !order.inDoubt
      ) {
        recheck(ctx, book, order)
      }
    }
  }
}

function recheck(ctx: DeskContext, book: StrategyBook, order: Order): void {
  if (ctx.changes.commands.some((command) => command.order.orderId === order.orderId)) return
  book.working.delete(order.orderId)
  const verdict = judge(ctx, book, { ...order, recheckOf: order.orderId, allowDuplicate: true })
  book.working.set(order.orderId, order)
  if (verdict.allowed) ctx.changes.commands.push({ type: 'submit', order })
  else
    putOrder(ctx, book, {
      ...order,
      status: 'REJECTED',
      rejectedBy: 'risk',
      violations: violationsOf(verdict),
    })
}
