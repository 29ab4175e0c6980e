import { type Order, ZERO } from '@quantdeck/domain'
import { evaluate, type RiskSignal, type Verdict } from '@quantdeck/risk'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import type { OrderDraft } from './order-draft.ts'
import { type Permission, riskRequest, riskStates, scopedLimits } from './risk-request.ts'
import { violationsOf } from './violations.ts'

/** Who asks for an order, and the signal behind it. */
export interface AskedBy {
  permission?: Permission
  signal?: RiskSignal | null
  /** All of them, unless the order was accepted before and only waited. */
  rules?: typeof evaluate
}

const PERMITTED: Permission = { allowed: true, reason: null }

/** What the risk engine says of a draft, without doing anything: the preview. */
export function judge(
  ctx: DeskContext,
  book: StrategyBook,
  draft: OrderDraft,
  { permission = PERMITTED, signal = null, rules = evaluate }: AskedBy = {},
): Verdict {
  const request = riskRequest(ctx, book, { draft, permission, signal })
  return rules(request, riskStates(ctx, book), scopedLimits(ctx.books, book))
}

/** The row of a draft, before anything happened to it. */
export function newOrder(ctx: DeskContext, draft: OrderDraft): Order {
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
    status: 'PENDING',
    filledQuantity: ZERO,
    averageFillPrice: null,
    fees: ZERO,
    origin: draft.origin,
    isEntry: draft.isEntry,
    reduceOnly: draft.reduceOnly,
    signalId: draft.signalId,
    stopLoss: draft.stopLoss,
    takeProfit: draft.takeProfit,
    rejectedBy: null,
    violations: [],
    brokerOrderId: null,
    inDoubt: false,
    isHeld: false,
    ocoGroupId: null,
    submittedAt: ctx.at,
    filledAt: null,
    cancelledAt: null,
  }
}

export function rejectedByRisk(order: Order, verdict: Verdict): Order {
  return {
    ...order,
    status: 'REJECTED',
    isHeld: false,
    rejectedBy: 'risk',
    violations: violationsOf(verdict),
  }
}
