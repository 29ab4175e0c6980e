import { Refused, isOpen, type WireOrder } from './wire.ts'

/** All orders that were ever given, and which belong together. */
export class OrderBook {
  readonly orders = new Map<string, WireOrder>()
  /** Leg id -> its parent's. */
  readonly #parents = new Map<string, string>()

  enter(order: WireOrder): void {
    this.orders.set(order.id, order)
  }

  /** The leg of a group: cancelled with its parent, and filled instead of it. */
  enterLeg(leg: WireOrder, parent: WireOrder): void {
    this.enter(leg)
    this.#parents.set(leg.id, parent.id)
    parent.legs = [leg]
  }

  open(): WireOrder[] {
    return [...this.orders.values()].filter(isOpen)
  }

  isLeg({ id }: WireOrder): boolean {
    return this.#parents.has(id)
  }

  has(clientOrderId: string): boolean {
    return this.#find(clientOrderId) !== undefined
  }

  byClientId(clientOrderId: string): WireOrder {
    const found = this.#find(clientOrderId)
    if (!found) throw new Refused(404, 40_410_000, `order not found for ${clientOrderId}`)
    return found
  }

  /** An order as an answer, its legs inside if asked for. */
  shown(order: WireOrder, nested: boolean): WireOrder {
    return { ...structuredClone(order), legs: nested ? structuredClone(order.legs) : null }
  }

  get(id: string): WireOrder {
    const order = this.orders.get(id)
    if (!order) throw new Refused(404, 40_410_000, `order not found for ${id}`)
    return order
  }

  /** The order and whatever cancels with it. */
  group(order: WireOrder): WireOrder[] {
    const parent = this.orders.get(this.#parents.get(order.id) ?? '') ?? order
    return [parent, ...(parent.legs ?? [])]
  }

  /** `GET /v2/orders`: legs on their own unless nested. */
  list(query: URLSearchParams): WireOrder[] {
    const status = query.get('status') ?? 'open'
    const nested = query.get('nested') === 'true'
    const after = Date.parse(query.get('after') ?? '1970-01-01T00:00:00Z')
    const symbols = query.get('symbols')?.split(',')
    const found = [...this.orders.values()]
      .filter((order) => !nested || !this.isLeg(order))
      .filter((order) => status === 'all' || (status === 'open') === this.#isOpen(order, nested))
      .filter((order) => Date.parse(order.submitted_at) > after)
      .filter((order) => symbols === undefined || symbols.includes(order.symbol))
      .sort((a, b) => Date.parse(a.submitted_at) - Date.parse(b.submitted_at))
    if (query.get('direction') !== 'asc') found.reverse()
    return found.slice(0, Number(query.get('limit') ?? 50)).map((order) => this.shown(order, nested))
  }

  #find(clientOrderId: string): WireOrder | undefined {
    return [...this.orders.values()].find((order) => order.client_order_id === clientOrderId)
  }

  #isOpen(order: WireOrder, nested: boolean): boolean {
    return isOpen(order) || (nested && (order.legs ?? []).some(isOpen))
  }
}
