import { calendarById, type Instrument, isOpen, type Order, sessionOf } from '@quantdeck/domain'
import type { Books, StrategyBook } from './books.ts'
import { putOrder } from './broker-events.ts'
import type { DeskContext } from './context.ts'

type Timed = Pick<Order, 'orderType' | 'timeInForce'>

/** True for an order that is kept until the next session: OPG, and resting orders given while the market is closed. */
function waitsForOpen(instrument: Instrument, order: Timed, at: Date): boolean {
  if (order.timeInForce === 'OPG') return true
  return order.orderType !== 'MARKET' && !isOpen(calendarById(instrument.calendar), at)
}

/** True while an order has not left for the broker and waits for its session. Once released it is in doubt or answered. */
export function isWaiting(books: Books, order: Order): boolean {
  const instrument = books.instruments.get(order.symbol)
  if (!instrument || order.status !== 'PENDING' || order.inDoubt) return false
  return waitsForOpen(instrument, order, order.submittedAt)
}

/** True in a session that opened after the order was given: one given in mid-session waits for the next. */
export function mayLeave(instrument: Instrument, order: Order, at: Date): boolean {
  const session = sessionOf(calendarById(instrument.calendar), at)
  return session !== null && session.openMs > order.submittedAt.getTime()
}

/** Cancels a working order: one that never left here, one at the broker when the broker says so. */
export function cancelWorking(ctx: DeskContext, book: StrategyBook, order: Order): Order {
  if (!isWaiting(ctx.books, order)) {
    ctx.changes.commands.push({ type: 'cancel', order })
    return order
  }
  const cancelled: Order = { ...order, status: 'CANCELLED', cancelledAt: ctx.at }
  putOrder(ctx, book, cancelled)
  return cancelled
}
