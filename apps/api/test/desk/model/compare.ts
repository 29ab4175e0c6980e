import { Decimal } from '@quantdeck/domain'
import type { BrokerScript } from './broker-script.ts'
import type { OrderView, Reference, SystemView } from './reference.ts'

/** What a risk engine or a desk may end by itself: an order that has never left it. */
const ENDED_HERE = new Set(['CANCELLED', 'REJECTED'])

/** A million comparisons: too many for assertions that look into values. */
function must(holds: boolean, what: () => string): void {
  if (!holds) throw new Error(what())
}

function mustEqual<T extends string | number | boolean>(seen: T, expected: T, what: string): void {
  must(seen === expected, () => `${what}: ${String(seen)} instead of ${String(expected)}`)
}

/** The system beside the reference, and what must hold whatever happened. */
export function compare(reference: Reference, view: SystemView, script: BrokerScript): void {
  for (const order of view.orders) compareOrder(reference, order, script)
  mustEqual(view.orders.length, reference.orders.size, 'orders')
  mustEqual(view.position, reference.position, 'position')
  mustEqual(view.tradeIds.length, reference.trades.size, 'fills')
  for (const id of view.tradeIds) must(reference.trades.has(id), () => `${id} was booked`)
  mustEqual(new Decimal(view.cash).times(100).toNumber(), reference.cashCents, 'cash')
  const alerts = new Set(view.alerts)
  alerts.delete('POSITION_UNPROTECTED')
  mustEqual([...alerts].sort().join(), [...reference.alerts].sort().join(), 'alerts')
  mustEqual(script.resent.join(), '', 'sent more than once')
  compareProtection(view, script)
}

function compareOrder(reference: Reference, seen: OrderView, script: BrokerScript): void {
  const { clientOrderId } = seen
  if (!reference.orders.has(clientOrderId)) {
    // Stored before it is sent, and nothing else than that.
    must(seen.filled === 0 && seen.status !== 'FILLED', () => `${clientOrderId} came ${seen.status}`)
    reference.register({ ...seen, status: ENDED_HERE.has(seen.status) ? seen.status : 'PENDING' })
  }
  const order = reference.orders.get(clientOrderId)
  if (!order) return
  const hasLeft = script.orders.has(clientOrderId)
  if (order.status === 'PENDING' && !hasLeft && ENDED_HERE.has(seen.status)) order.status = seen.status
  mustEqual(`${seen.status} ${seen.filled}`, `${order.status} ${order.filled}`, clientOrderId)
  mustEqual(seen.status === 'FILLED', seen.filled === seen.quantity, `${clientOrderId} FILLED`)
  must(!seen.isHeld || (!hasLeft && seen.status === 'PENDING'), () => `${clientOrderId} is held and has left`)
  if (order.filled > 0) compareAverage(order, (seen.average ?? 0) * 100, clientOrderId)
}

function compareAverage(
  order: { notional: number; filled: number; lowest: number; highest: number },
  average: number,
  id: string,
): void {
  const expected = order.notional / order.filled
  must(Math.abs(average - expected) < 1e-6, () => `${id} at ${average} instead of ${expected}`)
  const isWithin = average > order.lowest - 1e-6 && average < order.highest + 1e-6
  must(isWithin, () => `${id} at ${average}, outside of its fills`)
}

/** What rests at the broker for a position closes exactly it: never more, and nothing less but for a reason. */
function compareProtection(view: SystemView, script: BrokerScript): void {
  const isWorking = ({ status }: OrderView) => status === 'PENDING' || status === 'SUBMITTED'
  const working = view.orders.filter(isWorking)
  const groups = Map.groupBy(
    working.filter(({ groupId }) => groupId !== null),
    ({ groupId }) => groupId,
  )
  let covered = 0
  let isLeaving = false
  for (const orders of groups.values()) {
    const isAsked = orders.some(({ clientOrderId }) => script.orders.get(clientOrderId)?.cancelAsked)
    if (isAsked) isLeaving = true
    else covered += (orders[0]?.quantity ?? 0) - orders.reduce((sum, { filled }) => sum + filled, 0)
  }
  const held = Math.abs(view.position)
  must(covered <= held, () => `${covered} protected of ${held}`)
  const closing = working.some(
    ({ groupId, side }) => groupId === null && (side === 'BUY') === view.position < 0,
  )
  const isExcused = isLeaving || closing || view.alerts.includes('POSITION_UNPROTECTED')
  if (view.hasBracket && !isExcused) mustEqual(covered, held, 'protected')
}
