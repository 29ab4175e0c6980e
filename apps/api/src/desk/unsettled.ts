import { type Clock, type Order, TRADING_MODES } from '@quantdeck/domain'
import type { Broker, BrokerOrderState } from '../broker/port.ts'
import { type Books, findWorking, type StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import type { Desk } from './desk.ts'
import { settleSymbol } from './held-orders.ts'
import { resendGroup } from './protection.ts'
import { isProtective } from './protective-orders.ts'
import { resubmit } from './resubmit.ts'
import { isWaiting } from './waiting.ts'

interface Parts {
  desk: Pick<Desk, 'read' | 'run' | 'onBrokerEvents'>
  broker: Broker
  clock: Clock
  /** When this process gave an order to the broker last; -Infinity if it has not, Infinity while it does. */
  handedOverMs: (orderId: string) => number
}

/**
 * Asks the broker about orders whose outcome is open: sent but unanswered, or in doubt, and older than an age. What it
 * says is booked. Only an order that it states it has never received is judged again and sent, under the id that it has:
 * the first try may still arrive, and a broker takes an id once.
 * @returns how many orders there was something to do for
 * @throws AggregateError after the last one, when the broker could not be asked about some
 */
export async function resolveUnsettled(parts: Parts, olderThanMs: number): Promise<number> {
  let resolved = 0
  const failures: unknown[] = []
  const before = parts.clock.nowMs() - olderThanMs
  for (const mode of TRADING_MODES) {
    if (olderThanMs === 0 || (await parts.desk.read(mode, isWaitingForBroker)))
      await parts.desk.run(mode, askAgain)
    const open = await parts.desk.read(mode, (books) => openOutcomes(books, before))
    const orders = open.filter(({ orderId }) => parts.handedOverMs(orderId) <= before)
    for (const order of orders) {
      try {
        resolved += Number(await resolve(parts, order))
      } catch (error) {
        failures.push(error)
      }
    }
  }
  // One that cannot be resolved keeps none of the others waiting.
  if (failures.length > 0) throw new AggregateError(failures, 'orders whose outcome is still unknown')
  return resolved
}

/** What is missing of protection is placed, and what is in the way of a held order cancelled. */
function askAgain(ctx: DeskContext): void {
  for (const book of ctx.books.strategies.values()) {
    for (const symbol of concernedSymbols(book)) settleSymbol(ctx, book, symbol)
  }
}

/** Something is held until the broker has cancelled what is in its way. */
function isWaitingForBroker(books: Books): boolean {
  return [...books.strategies.values()].some(
    ({ working, cancelling }) => cancelling.size > 0 || [...working.values()].some(({ isHeld }) => isHeld),
  )
}

function concernedSymbols(book: StrategyBook): Set<string> {
  const symbols = new Set(book.open.keys())
  for (const order of book.working.values())
    if (order.isHeld || isProtective(order)) symbols.add(order.symbol)
  return symbols
}

function openOutcomes(books: Books, beforeMs: number): Order[] {
  return [...books.strategies.values()]
    .flatMap((book) =>
      [...book.working.values()].filter(
        (order) => order.status === 'PENDING' || order.inDoubt || book.cancelling.has(order.orderId),
      ),
    )
    .filter((order) => !isWaiting(books, order) && order.submittedAt.getTime() <= beforeMs)
}

async function resolve({ desk, broker, handedOverMs }: Parts, order: Order): Promise<boolean> {
  const handedOver = handedOverMs(order.orderId)
  const state = await broker.query(order.clientOrderId)
  if (state.status === 'unknown') {
    // Given to the broker while it was being asked: what it says is of before.
    if (handedOverMs(order.orderId) !== handedOver) return false
    return desk.run(order.mode, (ctx) => onNeverReceived(ctx, order))
  }
  if (state.status === 'working' && order.status === 'SUBMITTED' && !order.inDoubt) {
    await desk.run(order.mode, (ctx) => cancelAgain(ctx, order))
    return false
  }
  await desk.onBrokerEvents(state.events)
  await desk.run(order.mode, (ctx) => tellIfOpen(ctx, order, state))
  return true
}

/** A cancellation that did not arrive. */
function cancelAgain(ctx: DeskContext, order: Order): void {
  const found = findWorking(ctx.books, order.orderId)
  if (found?.book.cancelling.has(order.orderId))
    ctx.changes.commands.push({ type: 'cancel', order: found.order })
}

/** @returns false if it is no longer open */
function onNeverReceived(ctx: DeskContext, order: Order): boolean {
  const found = findWorking(ctx.books, order.orderId)
  if (!found) return false
  if (found.order.status === 'SUBMITTED') {
    tell(ctx, found.order, 'the broker has never heard of it, though it had accepted it')
  } else if (isProtective(found.order)) {
    resendGroup(ctx, found.book, found.order)
  } else {
    resubmit(ctx, found.book, [found.order])
  }
  return true
}

/** The broker says that it is over, and what it reports of it does not come to an end. */
function tellIfOpen(ctx: DeskContext, order: Order, state: BrokerOrderState): void {
  const found = findWorking(ctx.books, order.orderId)
  if (!found || state.status === 'working' || state.status === 'unknown') return
  const { filledQuantity, quantity } = found.order
  tell(
    ctx,
    found.order,
    `the broker says it is ${state.status}, its reports come to ${filledQuantity.toFixed()} of ${quantity.toFixed()}`,
  )
}

function tell(ctx: DeskContext, order: Order, what: string): void {
  const { clientOrderId, symbol, strategyId } = order
  ctx.changes.alerts.push({
    severity: 'CRITICAL',
    code: 'BROKER_CONTRADICTION',
    message: `${symbol} order ${clientOrderId}: ${what}`,
    context: { client_order_id: clientOrderId, symbol },
    strategyId,
    createdAt: ctx.at,
    dedupeKey: `BROKER_CONTRADICTION:${clientOrderId}:query`,
  })
}
