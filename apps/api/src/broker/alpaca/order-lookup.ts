import { ocoClientIds } from '../port.ts'
import { type AlpacaHttp, AlpacaRefusal, AlpacaUncertain } from './http.ts'
import type { Priority } from './request-budget.ts'
import { type AlpacaLeg, type AlpacaOrder, alpacaOrder, alpacaOrders } from './wire.ts'

const TIMEOUT_MS = 4_000
const LIST_TIMEOUT_MS = 10_000
const MOST_LISTED = 500
const MOST_PAGES = 20
const MOST_NAMES = 50_000
const TAKE_PROFIT = ocoClientIds('').takeProfit
const STOP_LOSS = ocoClientIds('').stopLoss

/**
 * Finds orders by our ids and our ids by Alpaca's. They differ in two cases: the stop of an OCO is a leg whose id Alpaca
 * makes up, and an order that Alpaca or a person replaced goes on under a new one.
 */
export class OrderLookup {
  readonly #http: AlpacaHttp
  /** Alpaca's id -> ours. */
  readonly #names = new Map<string, string>()
  /** Ours -> Alpaca's: the latest, which can be cancelled. */
  readonly #ids = new Map<string, string>()
  /** Ours -> Alpaca's: the first, from which its replacements follow. */
  readonly #firstIds = new Map<string, string>()

  constructor(http: AlpacaHttp) {
    this.#http = http
  }

  /** Alpaca's id of an order that was seen before. */
  idOf(clientOrderId: string): string | null {
    return this.#ids.get(clientOrderId) ?? null
  }

  /** Remembers whose order it is, and its legs. */
  learn(order: AlpacaOrder, name = this.#names.get(order.id) ?? order.client_order_id): void {
    this.#remember(order.id, name)
    if (!name.endsWith(TAKE_PROFIT)) return
    const { stopLoss } = ocoClientIds(name.slice(0, -TAKE_PROFIT.length))
    for (const leg of order.legs ?? []) this.#remember(leg.id, stopLoss)
  }

  /** The order goes on as another one. */
  rename(replacedBy: string, name: string): void {
    this.#remember(replacedBy, name)
    this.#ids.set(name, replacedBy)
  }

  /** Our id of an order; asks only about what replaces an order, and legs of an OCO, that were not seen before. */
  async nameOf(order: AlpacaLeg): Promise<string> {
    const known = this.#names.get(order.id)
    if (known !== undefined) return known
    if (order.replaces !== null) {
      const name = await this.nameOfId(order.replaces)
      this.rename(order.id, name)
      return name
    }
    if (order.order_class === 'oco' && order.type !== 'limit') await this.#learnLegs(order.symbol)
    this.learn({ ...order, legs: null })
    return this.#names.get(order.id) ?? order.client_order_id
  }

  /** Our id of an order of which only Alpaca's is known. */
  async nameOfId(id: string): Promise<string> {
    const known = this.#names.get(id)
    return known ?? this.nameOf(await this.get(id))
  }

  /** @returns null if Alpaca says that there is no such order */
  async find(clientOrderId: string, priority: Priority = 'query'): Promise<AlpacaLeg | null> {
    const id = this.#firstIds.get(clientOrderId)
    if (id !== undefined) return this.get(id, priority)
    const direct = await this.#byClientId(clientOrderId, priority)
    if (direct !== null || !clientOrderId.endsWith(STOP_LOSS)) return direct
    const { takeProfit } = ocoClientIds(clientOrderId.slice(0, -STOP_LOSS.length))
    const parent = await this.#byClientId(takeProfit, priority)
    if (parent === null) return null
    const nested = await this.get(parent.id, priority)
    return nested.legs?.[0] ?? null
  }

  async get(id: string, priority: Priority = 'query'): Promise<AlpacaOrder> {
    const order = await this.#http.send({
      method: 'GET',
      path: `/v2/orders/${encodeURIComponent(id)}`,
      query: { nested: 'true' },
      priority,
      timeoutMs: TIMEOUT_MS,
      answer: alpacaOrder,
    })
    this.learn(order)
    return order
  }

  /** All orders that are open, oldest first, legs inside their parents. */
  async listOpen(): Promise<AlpacaOrder[]> {
    const found = new Map<string, AlpacaOrder>()
    let after: Date | null = null
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const orders = await this.#list({
        status: 'open',
        direction: 'asc',
        ...(after !== null && { after: after.toISOString() }),
      })
      const before = found.size
      for (const order of orders) found.set(order.id, order)
      const last: Date | null = orders.at(-1)?.submitted_at ?? null
      if (orders.length < MOST_LISTED) return [...found.values()]
      if (last === null || found.size === before)
        throw new AlpacaUncertain('the list of orders does not move on')
      // `after` excludes its instant, and several orders can share a millisecond.
      after = new Date(last.getTime() - 1)
    }
    throw new AlpacaUncertain('there are more open orders than can be listed')
  }

  async #list(query: Record<string, string>): Promise<AlpacaOrder[]> {
    const orders = await this.#http.send({
      method: 'GET',
      path: '/v2/orders',
      query: { nested: 'true', limit: String(MOST_LISTED), ...query },
      priority: 'query',
      timeoutMs: LIST_TIMEOUT_MS,
      answer: alpacaOrders,
    })
    for (const order of orders) this.learn(order)
    return orders
  }

  async #learnLegs(symbol: string): Promise<void> {
    await this.#list({ status: 'all', direction: 'desc', symbols: symbol })
  }

  async #byClientId(clientOrderId: string, priority: Priority): Promise<AlpacaOrder | null> {
    try {
      const order = await this.#http.send({
        method: 'GET',
        path: '/v2/orders:by_client_order_id',
        query: { client_order_id: clientOrderId },
        priority,
        timeoutMs: TIMEOUT_MS,
        answer: alpacaOrder,
      })
      this.learn(order)
      return order
    } catch (error) {
      if (error instanceof AlpacaRefusal && error.status === 404) return null
      throw error
    }
  }

  #remember(id: string, name: string): void {
    if (this.#names.size > MOST_NAMES) {
      this.#names.clear()
      this.#ids.clear()
      this.#firstIds.clear()
    }
    const isNew = !this.#names.has(id)
    this.#names.set(id, name)
    // Looking at the first one again does not make it the latest.
    if (isNew) this.#ids.set(name, id)
    if (!this.#firstIds.has(name)) this.#firstIds.set(name, id)
  }
}
