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
  #totals: WorkingTotals | null = null

  override set(orderId: string, order: Order): this {
    this.#totals = null
    this.#values.delete(orderId)
    this.#byClientId.set(order.clientOrderId, order)
    return super.set(orderId, order)
  }

  override delete(orderId: string): boolean {
    const known = this.get(orderId)
    if (known === undefined) return false
    this.#totals = null
    this.#values.delete(orderId)
    this.#byClientId.delete(known.clientOrderId)
    return super.delete(orderId)
  }

  override clear(): void {
    this.#totals = null
    this.#values.clear()
    this.#byClientId.clear()
    super.clear()
  }

  byClientOrderId(clientOrderId: string): Order | undefined {
    return this.#byClientId.get(clientOrderId)
  }

  /** @param valueOf the same for the same order as long as these orders live */
  totals(valueOf: ValueOrder): WorkingTotals {
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
  resting(symbol: string, side: OrderSide): Order[] {
    const found: Order[] = []
    for (const order of this.values())
      if (order.symbol === symbol && order.side === side && order.orderType === 'LIMIT') found.push(order)
    return found
  }
}

function totalsOf(orders: WorkingOrders, valueOf: ValueOrder): WorkingTotals {
  let [entriesUsd, buyEntriesUsd, unfilledEntries, active] = [ZERO, ZERO, 0, 0]
  const marketEntries: Order[] = []
  const entrySymbols = new Set<string>()
  for (const order of orders.values()) {
    if (!isProtective(order)) active += 1
    if (!order.isEntry) continue
    entrySymbols.add(order.symbol)
    if (order.filledQuantity.isZero()) unfilledEntries += 1
    const value = valueOf(order)
    if (value === null) {
      marketEntries.push(order)
      continue
    }
    entriesUsd = entriesUsd.plus(value)
    if (order.side === 'BUY') buyEntriesUsd = buyEntriesUsd.plus(value)
  }
  return { entriesUsd, buyEntriesUsd, marketEntries, entrySymbols, unfilledEntries, active }
}
