import { type Clock, type Order, type TradingMode, TRADING_MODES } from '@quantdeck/domain'
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

/** Of an order in doubt no answer comes any more: there is nothing to wait for but the request itself, should it still arrive. */
const IN_DOUBT_MS = 100

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
  const nowMs = parts.clock.nowMs()
  const beforeOf = ({ inDoubt }: Order) =>
    nowMs - (inDoubt ? Math.min(olderThanMs, IN_DOUBT_MS) : olderThanMs)
  for (const mode of TRADING_MODES) {
    if (olderThanMs === 0 || (await parts.desk.read(mode, isWaitingForBroker)))
      await parts.desk.run(mode, askAgain)
    const open = await parts.desk.read(mode, openOutcomes)
    const orders = open.filter(
      (order) =>
        order.submittedAt.getTime() <= beforeOf(order) &&
        parts.handedOverMs(order.orderId) <= beforeOf(order),
    )
    const answers = await Promise.allSettled(orders.map((order) => ask(parts, order)))
    const answered = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    for (const answer of answers) if (answer.status === 'rejected') failures.push(answer.reason)
    resolved += await bookAll(parts, mode, answered, failures)
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

function openOutcomes(books: Books): Order[] {
  return [...books.strategies.values()]
    .flatMap((book) =>
      [...book.working.values()].filter(
        (order) => order.status === 'PENDING' || order.inDoubt || book.cancelling.has(order.orderId),
      ),
    )
    .filter((order) => !isWaiting(books, order))
}

interface Answer {
  order: Order
  state: BrokerOrderState
  /** When it had been handed over before it was asked about. */
  handedOver: number
}

async function ask({ broker, handedOverMs }: Parts, order: Order): Promise<Answer> {
  const handedOver = handedOverMs(order.orderId)
  return { order, state: await broker.query(order.clientOrderId), handedOver }
}

/** All at once, so that many open outcomes do not wait for each other; one by one where that fails. */
async function bookAll(
  parts: Parts,
  mode: TradingMode,
  answers: readonly Answer[],
  failures: unknown[],
): Promise<number> {
  if (answers.length === 0) return 0
  try {
    return await book(parts, mode, answers)
  } catch (error) {
    if (answers.length === 1) {
      failures.push(error)
      return 0
    }
  }
  let resolved = 0
  for (const answer of answers) resolved += await bookAll(parts, mode, [answer], failures)
  return resolved
}

/** @returns how many there was something to do for */
async function book(parts: Parts, mode: TradingMode, answers: readonly Answer[]): Promise<number> {
  const { desk, handedOverMs } = parts
  const events = answers.flatMap(({ order, state }) => (tells(order, state) ? state.events : []))
  if (events.length > 0) await desk.onBrokerEvents(events)
  return desk.run(mode, (ctx) => {
    let resolved = 0
    const sentAgain = new Set<string>()
    for (const { order, state, handedOver } of answers) {
      if (state.status === 'unknown') {
        // Given to the broker while it was being asked: what it says is of before. A pair goes together, once.
        const sent = order.ocoGroupId ?? order.orderId
        if (handedOverMs(order.orderId) !== handedOver || sentAgain.has(sent)) continue
        sentAgain.add(sent)
        resolved += Number(onNeverReceived(ctx, order))
      } else if (tells(order, state)) {
        tellIfOpen(ctx, order, state)
        resolved += 1
      } else {
        cancelAgain(ctx, order)
      }
    }
    return resolved
  })
}

type Told = Exclude<BrokerOrderState, { status: 'unknown' }>

/** Something that the books may not know; of an order that is known to work only a cancellation can be missing. */
function tells(order: Order, state: BrokerOrderState): state is Told {
  if (state.status === 'unknown') return false
  return !(state.status === 'working' && order.status === 'SUBMITTED' && !order.inDoubt)
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
