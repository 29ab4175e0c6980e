import * as rows from '@quantdeck/db'
import type { FlattenedPosition, FlattenPart, KillSwitchScope } from '@quantdeck/db'
import { Decimal, type Order, type Position, type TradingMode, ZERO } from '@quantdeck/domain'
import type { Deps } from '../../deps.ts'
import { isWorking } from '../../desk/order-machine.ts'

export interface FlattenItem {
  mode: TradingMode
  positionId: string
  strategyId: string
  symbol: string
  /** Held when it was asked for, negative for a short. */
  quantity: Decimal
  /** Units still held. */
  remaining: Decimal
  order: Order | null
  status: 'CLOSED' | 'WORKING' | 'FAILED'
  /** What it waits for, or why it failed. */
  reason: string | null
}

export interface FlattenProgress {
  flattenId: string
  scope: KillSwitchScope
  /** INCOMPLETE: nothing works any more, and something is still held. */
  status: 'RUNNING' | 'COMPLETED' | 'INCOMPLETE'
  reason: string
  startedBy: string
  startedAt: Date
  items: FlattenItem[]
}

/** How far a flatten is, by its orders and what is left of its positions. Null for no parts. */
export async function flattenProgress(
  { db }: Pick<Deps, 'db'>,
  parts: readonly FlattenPart[],
): Promise<FlattenProgress | null> {
  const [first] = parts
  if (!first) return null
  const asked = parts.flatMap(({ mode, positions }) => positions.map((one) => ({ mode, ...one })))
  const orderIds = asked.flatMap(({ orderId }) => orderId ?? [])
  const orders = await rows.listOrdersByIds(db.kysely, orderIds)
  const positions = await rows.listPositionsByIds(
    db.kysely,
    asked.map(({ positionId }) => positionId),
  )
  const facts: Facts = {
    orders: new Map(orders.map((order) => [order.orderId, order])),
    positions: new Map(positions.map((position) => [position.positionId, position])),
  }
  const items = asked.map((one) => itemOf(one, facts))
  const { flattenId, scope, reason, startedBy, startedAt } = first
  return { flattenId, scope, status: statusOf(items), reason, startedBy, startedAt, items }
}

function statusOf(items: readonly FlattenItem[]): FlattenProgress['status'] {
  if (items.some(({ status }) => status === 'WORKING')) return 'RUNNING'
  return items.every(({ status }) => status === 'CLOSED') ? 'COMPLETED' : 'INCOMPLETE'
}

interface Facts {
  orders: ReadonlyMap<string, Order>
  positions: ReadonlyMap<string, Position>
}

function itemOf(asked: FlattenedPosition & { mode: TradingMode }, facts: Facts): FlattenItem {
  const { mode, positionId, strategyId, symbol, orderId } = asked
  const order = orderId === null ? null : (facts.orders.get(orderId) ?? null)
  const position = facts.positions.get(positionId)
  const remaining = position && position.closedAt === null ? position.quantity.abs() : ZERO
  const status = remaining.isZero() ? 'CLOSED' : order !== null && isWorking(order) ? 'WORKING' : 'FAILED'
  return {
    ...{
      mode,
      positionId,
      strategyId,
      symbol,
      quantity: new Decimal(asked.quantity),
      remaining,
      order,
      status,
    },
    reason: status === 'CLOSED' ? null : (asked.reason ?? reasonOf(order)),
  }
}

function reasonOf(order: Order | null): string | null {
  if (order === null) return 'Its order is not known any more'
  const refusal = order.violations[0]?.message
  if (order.status === 'REJECTED') return refusal ?? 'The order was refused'
  if (order.status === 'CANCELLED') return refusal ?? 'The order was cancelled'
  if (order.status === 'FILLED') return 'The order was filled, and something is still held'
  if (order.isHeld) return 'Waits until the protective orders at the broker are cancelled'
  if (order.inDoubt) return 'The broker has not confirmed the order yet'
  return order.timeInForce === 'OPG' && order.status === 'PENDING'
    ? 'The market is closed: the order waits for the open'
    : null
}
