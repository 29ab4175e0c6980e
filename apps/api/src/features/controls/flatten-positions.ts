import type { FlattenedPosition, KillSwitchScope } from '@quantdeck/db'
import { calendarById, type Decimal, isOpen, type Order, type Position, ZERO } from '@quantdeck/domain'
import type { Books, StrategyBook } from '../../desk/books.ts'
import { cancelWorking } from '../../desk/cancel-order.ts'
import type { DeskContext } from '../../desk/context.ts'
import type { OrderDraft } from '../../desk/order-draft.ts'
import { closingSide, reducingOrders, sumOfRest } from '../../desk/protective-orders.ts'
import { submitOrder } from '../../desk/submit.ts'
import { isInScope } from './cancel-working.ts'

interface Held {
  book: StrategyBook
  position: Position
}

function heldIn(books: Books, scope: KillSwitchScope): Held[] {
  return [...books.strategies.values()].flatMap((book) =>
    [...book.open.values()]
      .filter((position) => isInScope(position, scope))
      .map((position) => ({ book, position })),
  )
}

/** Exits that somebody else gave: together with them a flatten would close more than is held. Stops stay until it leaves. */
function otherExits({ book, position }: Held): Order[] {
  return reducingOrders(book, position.symbol, closingSide(position)).filter(
    (order) => order.origin !== 'kill_flatten',
  )
}

export function hasOtherExits(books: Books, scope: KillSwitchScope): boolean {
  return heldIn(books, scope).some((held) => otherExits(held).length > 0)
}

/** Cancels what would compete with a flatten: resting exits, and every entry that still works. */
export function clearTheWay(ctx: DeskContext, scope: KillSwitchScope): { before: Order; after: Order }[] {
  const entries = [...ctx.books.strategies.values()].flatMap((book) =>
    [...book.working.values()]
      .filter((order) => order.isEntry && isInScope(order, scope))
      .map((order) => ({ book, order })),
  )
  const exits = heldIn(ctx.books, scope).flatMap((held) =>
    otherExits(held).map((order) => ({ book: held.book, order })),
  )
  return [...entries, ...exits]
    .filter(({ book, order }) => !book.cancelling.has(order.orderId))
    .map(({ book, order }) => ({ before: order, after: cancelWorking(ctx, book, order) }))
}

export interface Flattened {
  /** Every open position of the scope, with the order that closes it. */
  positions: FlattenedPosition[]
  /** Given just now; the others were on their way from an earlier call. */
  orders: Order[]
}

/** One reduce-only market order for each open position that no flatten is closing yet. */
export function flattenPositions(ctx: DeskContext, scope: KillSwitchScope): Flattened {
  const flattened: Flattened = { positions: [], orders: [] }
  for (const held of heldIn(ctx.books, scope)) {
    const { position } = held
    const { order, isNew, reason } = closingOrder(ctx, held)
    if (order !== null && isNew) flattened.orders.push(order)
    flattened.positions.push({
      positionId: position.positionId,
      strategyId: position.strategyId,
      symbol: position.symbol,
      quantity: position.quantity.toFixed(),
      orderId: order?.orderId ?? null,
      reason,
    })
  }
  return flattened
}

interface Closing {
  order: Order | null
  isNew: boolean
  reason: string | null
}

function closingOrder(ctx: DeskContext, { book, position }: Held): Closing {
  const working = reducingOrders(book, position.symbol, closingSide(position))
  const earlier = working.find((order) => order.origin === 'kill_flatten')
  if (earlier) return { order: earlier, isNew: false, reason: null }
  const rest = position.quantity.abs().minus(sumOfRest(working))
  if (rest.lte(ZERO)) {
    const reason = 'An exit order works for all of it; its cancellation was asked for, flatten again after it'
    return { order: null, isNew: false, reason }
  }
  const { order } = submitOrder(ctx, book, draftOf(ctx, position, rest))
  return { order, isNew: true, reason: null }
}

/** Where the market is closed, it waits for the open. */
function draftOf({ books, at }: DeskContext, position: Position, quantity: Decimal): OrderDraft {
  const { strategyId, symbol } = position
  const instrument = books.instruments.get(symbol)
  const isOpenNow = instrument !== undefined && isOpen(calendarById(instrument.calendar), at)
  return {
    ...{ strategyId, symbol, side: closingSide(position), quantity, orderType: 'MARKET' },
    ...{ limitPrice: null, stopPrice: null, timeInForce: isOpenNow ? 'DAY' : 'OPG' },
    ...{ origin: 'kill_flatten', isEntry: false, reduceOnly: true, stopLoss: null, takeProfit: null },
    ...{ signalId: null, allowDuplicate: true },
  }
}
