import {
  calendarById,
  type Decimal,
  Decimal as D,
  isOpen,
  type Order,
  type Position,
  ZERO,
} from '@quantdeck/domain'
import { ocoClientIds } from '../broker/port.ts'
import { putPosition } from './book-fill.ts'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { heldOrders } from './hold-rules.ts'
import { judge, newOrder } from './judge.ts'
import type { OrderDraft } from './order-draft.ts'
import {
  closingSide,
  coveredQuantity,
  type ProtectiveGroup,
  protectiveGroups,
  reducingOrders,
  sumOfRest,
} from './protective-orders.ts'
import { cancelHere, putOrder } from './put-order.ts'
import { isWaiting } from './waiting.ts'

/**
 * Keeps what rests at the broker equal to what a position's bracket asks for: a stop and a target for every unit that no
 * other order is closing already, one-cancels-the-other. Grows with partial fills at once; what is too much or at another
 * price is cancelled first and placed anew when the broker has confirmed that, so that nothing closes twice.
 */
export function keepProtected(ctx: DeskContext, book: StrategyBook, symbol: string): void {
  const position = book.open.get(symbol)
  const groups = protectiveGroups(book, symbol)
  if (!position) return cancelGroups(ctx, book, groups)
  const misfits = groups.filter((group) => !fits(group, position))
  if (misfits.length > 0) return cancelGroups(ctx, book, misfits)
  const wanted = wantedQuantity(ctx, book, position)
  const covered = coveredQuantity(groups)
  if (covered.gt(wanted)) return cancelGroups(ctx, book, groups)
  const isLeaving = groups.some(({ orders }) => orders.some(({ orderId }) => book.cancelling.has(orderId)))
  if (covered.lt(wanted) && !isLeaving) place(ctx, book, position, wanted.minus(covered))
}

/** A person does not want this stop or target any more: the position's bracket goes on without it. */
export function dropProtection(ctx: DeskContext, book: StrategyBook, order: Order): void {
  const position = book.open.get(order.symbol)
  if (position) {
    const bracket = order.orderType === 'STOP' ? { stopLoss: null } : { takeProfit: null }
    const next: Position = { ...position, ...bracket }
    book.open.set(order.symbol, next)
    putPosition(ctx, next)
  }
  keepProtected(ctx, book, order.symbol)
}

/** Of the right side, at the bracket's prices, and complete. */
function fits({ orders }: ProtectiveGroup, position: Position): boolean {
  const stop = orders.find(({ orderType }) => orderType === 'STOP')?.stopPrice ?? null
  const target = orders.find(({ orderType }) => orderType === 'LIMIT')?.limitPrice ?? null
  return (
    orders.every(({ side }) => side === closingSide(position)) &&
    isSame(stop, position.stopLoss) &&
    isSame(target, position.takeProfit)
  )
}

function isSame(one: Decimal | null, other: Decimal | null): boolean {
  return one === null || other === null ? one === other : one.eq(other)
}

/** Units that nothing else is closing. What waits for the next open closes nothing yet. */
function wantedQuantity(ctx: DeskContext, book: StrategyBook, position: Position): Decimal {
  const side = closingSide(position)
  const held = heldOrders(book, position.symbol)
  if (held.some((order) => order.isEntry && order.side === side)) return ZERO
  const closing = reducingOrders(book, position.symbol, side).filter(
    (order) => order.isHeld || !isWaiting(ctx.books, order),
  )
  return D.max(position.quantity.abs().minus(sumOfRest(closing)), 0)
}

/** Cancelling one of a group cancels both. Asked for once, until the broker answers or a later round asks again. */
function cancelGroups(ctx: DeskContext, book: StrategyBook, groups: readonly ProtectiveGroup[]): void {
  for (const { orders } of groups) {
    const [first] = orders
    if (!first || orders.some(({ orderId }) => book.cancelling.has(orderId))) continue
    for (const { orderId } of orders) book.cancelling.add(orderId)
    ctx.changes.commands.push({ type: 'cancel', order: first })
  }
}

function place(ctx: DeskContext, book: StrategyBook, position: Position, quantity: Decimal): void {
  if (!mayPlace(ctx, book, position)) return
  const groupId = `qd-${ctx.newId()}`
  const orders = draftsOf(position, quantity, groupId).map((draft) => ({
    draft,
    order: { ...newOrder(ctx, draft), ocoGroupId: groupId },
  }))
  const [first] = orders
  if (!first) return
  // The bracket was judged with its entry; what may have come since is a stop of trading.
  const checks = judge(ctx, book, first.draft).checks.filter(({ id }) => id === 'R01')
  const refusal = checks.find(({ passed }) => !passed)
  const key = `bracket:${position.positionId}`
  if (refusal) {
    if (book.refusedExits.get(key) !== refusal.code) tellRefused(ctx, position, refusal.message)
    book.refusedExits.set(key, refusal.code)
    return
  }
  book.refusedExits.delete(key)
  for (const { order } of orders) {
    ctx.changes.newOrders.set(order.orderId, order)
    ctx.changes.orderChecks.set(order.orderId, checks)
    putOrder(ctx, book, order)
  }
  submitGroup(
    ctx,
    orders.map(({ order }) => order),
  )
}

/** Protective orders that the broker never received: sent once more under their ids, as long as they may be and still fit. */
export function resendGroup(ctx: DeskContext, book: StrategyBook, order: Order): void {
  const group = protectiveGroups(book, order.symbol).find(({ groupId }) => groupId === order.ocoGroupId)
  const position = book.open.get(order.symbol)
  if (!group) return
  const isWhole = group.orders.every(({ status }) => status === 'PENDING')
  const isWanted = isWhole && position !== undefined && fits(group, position)
  if (isWanted && judge(ctx, book, order).checks.every(({ id, passed }) => id !== 'R01' || passed)) {
    const sent = group.orders.map((one): Order => ({ ...one, inDoubt: true }))
    for (const one of sent) putOrder(ctx, book, one)
    submitGroup(ctx, sent)
    return
  }
  const gone = isWhole ? group.orders : [order]
  for (const one of gone) cancelHere(ctx, book, one, 'the broker never received it')
  keepProtected(ctx, book, order.symbol)
}

/** Hands the orders of a group over, together. */
export function submitGroup(ctx: DeskContext, orders: readonly Order[]): void {
  const stopLoss = orders.find(({ orderType }) => orderType === 'STOP')
  const takeProfit = orders.find(({ orderType }) => orderType === 'LIMIT')
  if (stopLoss && takeProfit) ctx.changes.commands.push({ type: 'submit_oco', stopLoss, takeProfit })
  else for (const order of orders) ctx.changes.commands.push({ type: 'submit', order })
}

/** Not while the market is closed: nothing fills, and the first price of the session asks again. */
function mayPlace(ctx: DeskContext, book: StrategyBook, position: Position): boolean {
  const instrument = ctx.books.instruments.get(position.symbol)
  if (!instrument || book.unprotected.has(position.positionId)) return false
  return isOpen(calendarById(instrument.calendar), ctx.at)
}

function draftsOf(position: Position, quantity: Decimal, groupId: string): OrderDraft[] {
  const { stopLoss, takeProfit } = position
  const ids = ocoClientIds(groupId)
  const base = {
    strategyId: position.strategyId,
    symbol: position.symbol,
    side: closingSide(position),
    quantity,
    timeInForce: 'GTC',
    isEntry: false,
    reduceOnly: true,
    stopLoss: null,
    takeProfit: null,
    signalId: null,
    allowDuplicate: true,
  } as const
  const drafts: OrderDraft[] = []
  if (stopLoss) {
    const stop = { orderType: 'STOP', limitPrice: null, stopPrice: stopLoss, origin: 'stop_loss' } as const
    drafts.push({ ...base, ...stop, clientOrderId: ids.stopLoss })
  }
  if (takeProfit) {
    const target = {
      orderType: 'LIMIT',
      limitPrice: takeProfit,
      stopPrice: null,
      origin: 'take_profit',
    } as const
    drafts.push({ ...base, ...target, clientOrderId: ids.takeProfit })
  }
  return drafts
}

function tellRefused(ctx: DeskContext, position: Position, why: string): void {
  const { positionId, symbol, strategyId } = position
  ctx.changes.alerts.push({
    severity: 'CRITICAL',
    code: 'POSITION_UNPROTECTED',
    message: `No protective orders may be sent for ${symbol} (${why}): its stop and target wait until they may`,
    context: { position_id: positionId, symbol, reason: why },
    strategyId,
    createdAt: ctx.at,
    dedupeKey: `POSITION_UNPROTECTED:${positionId}:${ctx.at.getTime()}`,
  })
}
