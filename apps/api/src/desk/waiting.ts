import { calendarById, type Instrument, isOpen, type Order, sessionOf } from '@quantdeck/domain'
import type { Books } from './books.ts'

type Timed = Pick<Order, 'orderType' | 'timeInForce'>

/** True for an order that is kept until the next session: OPG, and resting orders given while the market is closed. */
function waitsForOpen(instrument: Instrument, order: Timed, at: Date): boolean {
  if (order.timeInForce === 'OPG') return true
  return order.orderType !== 'MARKET' && !isOpen(calendarById(instrument.calendar), at)
}

/** True while an order has not left for the broker: it waits for its session, or is held. Once released it is in doubt or answered. */
export function isWaiting(books: Books, order: Order): boolean {
  if (order.isHeld) return true
  const instrument = books.instruments.get(order.symbol)
  if (!instrument || order.status !== 'PENDING' || order.inDoubt) return false
  return waitsForOpen(instrument, order, order.submittedAt)
}

/** True in a session that opened after the order was given: one given in mid-session waits for the next. */
export function mayLeave(instrument: Instrument, order: Order, at: Date): boolean {
  const session = sessionOf(calendarById(instrument.calendar), at)
  return session !== null && session.openMs > order.submittedAt.getTime()
}
