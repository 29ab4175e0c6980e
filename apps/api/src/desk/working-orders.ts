import { type Decimal, type Order, type OrderSide, ZERO } from '@quantdeck/domain'
import { isProtective } from './protective-orders.ts'

/** What the sizes, counts and exposures of the risk checks need of a strategy's working orders. */
export interface WorkingTotals {
  /** USD of entries that have a price of their own, whatever the market does. */
  entriesUsd: Decimal
  buyEntriesUsd: Decimal
  /** Entries at the market: worth what the last price says. */
  marketEntries: readonly Order[]
  entrySymbols: ReadonlySet<string>
  /** Entries without a fill. */
  unfilledEntries: number
  /** Without protective orders: those come with the position. */
  active: number
}

/** USD of what is left of an order at its own price; null while it has none. */
export type ValueOrder = (order: Order) => Decimal | null

/**
 * The orders of a strategy that are PENDING or SUBMITTED, by order id, oldest first. Orders are values: a change of one
 * is a new one under its id. So what was computed of all of them stays true until the next `set` or `delete`, and each
 * order is judged in the company of hundreds without looking at each of them again.
 */
export class WorkingOrders extends Map<string, Order> {
  readonly #byClientId = new Map<string, Order>()
  readonly #values = new Map<string, Decimal | null>()
  /** By symbol, side and type. */
  readonly #resting = new Map<string, Map<string, Order>>()
  /** The one that the totals were made with. */
  #valueOf: ValueOrder | null = null
  #totals: WorkingTotals | null = null

  override set(orderId: string, order: Order): this {
    const known = this.get(orderId)
    if (known === undefined) this.#append(order)
    else if (!isWorthTheSame(known, order)) this.#forget(orderId)
    this.#byClientId.set(order.clientOrderId, order)
    this.#rest(known, order)
    return super.set(orderId, order)
  }

  override delete(orderId: string): boolean {
    const known = this.get(orderId)
    if (known === undefined) return false
    this.#forget(orderId)
    this.#byClientId.delete(known.clientOrderId)
    this.#resting.get(placeOf(known))?.delete(orderId)
    return super.delete(orderId)
  }

  override clear(): void {
    this.#totals = null
    this.#values.clear()
    this.#byClientId.clear()
    this.#resting.clear()
    super.clear()
  }

  #forget(orderId: string): void {
    this.#totals = null
    this.#values.delete(orderId)
  }

  /** The newest is the last of the sums: they go on from where they were. */
  #append(order: Order): void {
    const valueOf = this.#valueOf
    if (this.#totals !== null && valueOf !== null)
      this.#totals = withOrder(this.#totals, order, (one) => this.#valueOnce(one, valueOf))
  }

  #rest(known: Order | undefined, order: Order): void {
    if (known !== undefined && placeOf(known) !== placeOf(order))
      this.#resting.get(placeOf(known))?.delete(known.orderId)
    const place = placeOf(order)
    const there = this.#resting.get(place) ?? new Map<string, Order>()
    this.#resting.set(place, there.set(order.orderId, order))
  }

  byClientOrderId(clientOrderId: string): Order | undefined {
    return this.#byClientId.get(clientOrderId)
  }

  /** @param valueOf the same for the same order as long as these orders live */
  totals(valueOf: ValueOrder): WorkingTotals {
    this.#valueOf ??= valueOf
    return (this.#totals ??= totalsOf(this, (order) => this.#valueOnce(order, valueOf)))
  }

  #valueOnce(order: Order, valueOf: ValueOrder): Decimal | null {
    const known = this.#values.get(order.orderId)
    if (known !== undefined) return known
    const value = valueOf(order)
    this.#values.set(order.orderId, value)
    return value
  }

  /** Orders of a symbol on one side that rest at a limit. */
  resting(symbol: string, side: OrderSide): Iterable<Order> {
    return this.#resting.get(placeOf({ symbol, side, orderType: 'LIMIT' }))?.values() ?? []
  }
}

function placeOf({ symbol, side, orderType }: Pick<Order, 'symbol' | 'side' | 'orderType'>): string {
  return `${symbol} ${side} ${orderType}`
}

/** What the totals look at is the same: the broker has taken it, and nothing of it is filled. */
function isWorthTheSame(known: Order, order: Order): boolean {
  return (
    known.symbol === order.symbol &&
    known.side === order.side &&
    known.isEntry === order.isEntry &&
    known.ocoGroupId === order.ocoGroupId &&
    known.quantity === order.quantity &&
    known.filledQuantity === order.filledQuantity &&
    known.limitPrice === order.limitPrice &&
    known.stopPrice === order.stopPrice &&
    (known.limitPrice ?? known.stopPrice) !== null
  )
}

const NOTHING: WorkingTotals = {
  entriesUsd: ZERO,
  buyEntriesUsd: ZERO,
  marketEntries: [],
  entrySymbols: new Set(),
  unfilledEntries: 0,
  active: 0,
}

function totalsOf(orders: WorkingOrders, valueOf: ValueOrder): WorkingTotals {
  let totals = NOTHING
  for (const order of orders.values()) totals = withOrder(totals, order, valueOf)
  return totals
}

function withOrder(totals: WorkingTotals, order: Order, valueOf: ValueOrder): WorkingTotals {
  const next = { ...totals, active: totals.active + Number(!isProtective(order)) }
  if (!order.isEntry) return next
  if (!next.entrySymbols.has(order.symbol)) next.entrySymbols = new Set([...next.entrySymbols, order.symbol])
  if (order.filledQuantity.isZero()) next.unfilledEntries += 1
  const value = valueOf(order)
  if (value === null) return { ...next, marketEntries: [...next.marketEntries, order] }
  next.entriesUsd = next.entriesUsd.plus(value)
  if (order.side === 'BUY') next.buyEntriesUsd = next.buyEntriesUsd.plus(value)
  return next
}
