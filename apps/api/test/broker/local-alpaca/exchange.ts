import { Decimal } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { legOf, orderOf } from './new-order.ts'
import { OrderBook } from './order-book.ts'
import { Portfolio } from './portfolio.ts'
import { isOpen, Refused, type WireFill, type WireOrder, type WireUpdate } from './wire.ts'

export interface ExchangeFacts {
  cash: string
  symbols: string[]
}

type Ending = 'canceled' | 'expired' | 'rejected'

/**
 * One trading account and the market it trades in, with the rules that Alpaca publishes: which orders are refused and how,
 * what becomes of them, and in which words that is told. Written from the documentation; it knows nothing of the adapter.
 */
export class LocalExchange {
  readonly book = new OrderBook()
  readonly portfolio: Portfolio
  readonly fills: WireFill[] = []
  readonly #symbols: ReadonlySet<string>
  readonly #onUpdate: (update: WireUpdate) => void
  #lastMs = 0
  /** False: orders rest until a test fills them. */
  autoFill = true
  /** False: a cancel stays pending until a test completes it. */
  autoCancel = true

  constructor(facts: ExchangeFacts, onUpdate: (update: WireUpdate) => void) {
    this.portfolio = new Portfolio(facts.cash)
    this.#symbols = new Set(facts.symbols)
    this.#onUpdate = onUpdate
  }

  /** `POST /v2/orders`. */
  place(body: Record<string, unknown>): WireOrder {
    const order = orderOf(body, this.#symbols, this.#now())
    if (this.book.has(order.client_order_id))
      throw new Refused(422, 40_010_001, 'client_order_id must be unique')
    this.portfolio.assertAffordable(order, this.book.open())
    this.book.enter(order)
    if (order.order_class === 'oco') this.book.enterLeg(legOf(order, body, this.#now()), order)
    const answer = structuredClone(order)
    queueMicrotask(() => this.#route(order))
    return answer
  }

  /** `DELETE /v2/orders/{id}`. */
  cancel(id: string): void {
    const order = this.book.get(id)
    if (!isOpen(order)) throw new Refused(422, 42_210_000, `order is already in "${order.status}" state`)
    order.status = 'pending_cancel'
    this.#tell('pending_cancel', order)
    if (this.autoCancel) queueMicrotask(() => this.completeCancel(order.client_order_id))
  }

  /** The cancel went through, for the order and whatever it is grouped with. */
  completeCancel(clientOrderId: string): void {
    for (const member of this.book.group(this.book.byClientId(clientOrderId)))
      if (isOpen(member)) this.#end(member, 'canceled')
  }

  expire(clientOrderId: string): void {
    this.#end(this.book.byClientId(clientOrderId), 'expired')
  }

  /** Refused by the venue after it was accepted. */
  reject(clientOrderId: string): void {
    this.#end(this.book.byClientId(clientOrderId), 'rejected')
  }

  /** Goes on as another order, as after a corporate action or when a person edits it. */
  replace(clientOrderId: string, qty: string): WireOrder {
    const old = this.book.byClientId(clientOrderId)
    const next: WireOrder = {
      ...structuredClone(old),
      id: randomUUID(),
      client_order_id: randomUUID(),
      replaces: old.id,
      qty,
      filled_qty: '0',
      filled_avg_price: null,
      status: 'new',
    }
    this.book.enter(next)
    Object.assign(old, { status: 'replaced', replaced_by: next.id, replaced_at: this.#now() })
    this.#tell('replaced', old)
    this.#tell('new', next)
    return next
  }

  /** A price of the market: fills what it touches. */
  price(symbol: string, price: number | string): void {
    this.portfolio.prices.set(symbol, new Decimal(price))
    if (this.autoFill) for (const order of this.book.orders.values()) this.#match(order)
  }

  /** One execution, whatever the price of the market and the state of the order are. */
  fill(clientOrderId: string, qty: number | string, price: number | string): WireFill {
    return this.execute(this.book.byClientId(clientOrderId), new Decimal(qty), new Decimal(price))
  }

  /** `GET /v2/account/activities/FILL`. */
  activities(query: URLSearchParams): WireFill[] {
    const after = Date.parse(query.get('after') ?? '1970-01-01T00:00:00Z')
    const found = this.fills.filter((fill) => Date.parse(fill.transaction_time) > after)
    if (query.get('direction') !== 'asc') found.reverse()
    const token = query.get('page_token')
    const start = token === null ? 0 : found.findIndex(({ id }) => id === token) + 1
    const size = Math.min(Number(query.get('page_size') ?? 100), 100)
    return found.slice(start, start + size)
  }

  account(): Record<string, unknown> {
    return this.portfolio.account(this.book.open())
  }

  execute(order: WireOrder, qty: Decimal, price: Decimal): WireFill {
    const at = this.#now()
    const fill = fillOf(order, { qty, price, at })
    this.fills.push(fill)
    this.portfolio.book(order.symbol, order.side === 'buy' ? qty : qty.negated(), price)
    this.#onUpdate({
      event: fill.type,
      execution_id: randomUUID(),
      order: structuredClone({ ...order, legs: null }),
      timestamp: at,
      price: price.toFixed(),
      qty: qty.toFixed(),
      position_qty: this.portfolio.heldOf(order.symbol).toFixed(),
    })
    this.#afterFill(order, qty)
    return fill
  }

  #route(order: WireOrder): void {
    if (order.status !== 'accepted') return
    const members = this.book.group(order)
    for (const member of members) {
      if (member.status === 'accepted') member.status = 'new'
      this.#tell(member.status === 'held' ? 'held' : 'new', member)
    }
    if (this.autoFill) for (const member of members) this.#match(member)
    if (order.time_in_force === 'ioc' && isOpen(order)) this.#end(order, 'canceled')
  }

  #match(order: WireOrder): void {
    const price = this.portfolio.prices.get(order.symbol)
    if (!price || !isOpen(order) || order.status === 'accepted') return
    if (isTouched(order, price)) this.execute(order, remainder(order), price)
  }

  /** One cancels the other; a part filled of one is taken off the other. */
  #afterFill(order: WireOrder, qty: Decimal): void {
    for (const other of this.book.group(order).filter((member) => member !== order && isOpen(member))) {
      const left = new Decimal(other.qty ?? 0).minus(qty)
      if (left.gt(0)) other.qty = left.toFixed()
      else this.#end(other, 'canceled')
    }
  }

  #end(order: WireOrder, status: Ending): void {
    const at = this.#now()
    Object.assign(order, { status, updated_at: at })
    if (status === 'canceled') order.canceled_at = at
    if (status === 'expired') order.expired_at = at
    if (status === 'rejected') order.failed_at = at
    this.#tell(status, order)
  }

  #tell(event: string, order: WireOrder): void {
    this.#onUpdate({ event, order: structuredClone({ ...order, legs: null }), timestamp: this.#now() })
  }

  /** RFC 3339 with nanoseconds, as in the published example; never the same twice. */
  #now(): string {
    this.#lastMs = Math.max(new Date().getTime(), this.#lastMs + 1)
    return new Date(this.#lastMs).toISOString().replace('Z', '981482Z')
  }
}

const remainder = (order: WireOrder): Decimal => new Decimal(order.qty ?? 0).minus(order.filled_qty)

function isTouched(order: WireOrder, price: Decimal): boolean {
  const isBuy = order.side === 'buy'
  const { limit_price: limit, stop_price: stop } = order
  if (limit !== null && (isBuy ? price.gt(limit) : price.lt(limit))) return false
  return stop === null || (isBuy ? price.gte(stop) : price.lte(stop))
}

/** Books an execution with its order. @returns what `activities` shows of it */
function fillOf(
  order: WireOrder,
  { qty, price, at }: { qty: Decimal; price: Decimal; at: string },
): WireFill {
  const before = new Decimal(order.filled_qty)
  const cumulative = before.plus(qty)
  const isWhole = cumulative.gte(order.qty ?? 0)
  const paid = new Decimal(order.filled_avg_price ?? 0).times(before).plus(price.times(qty))
  order.filled_qty = cumulative.toFixed()
  order.filled_avg_price = paid.div(cumulative).toFixed()
  order.updated_at = at
  if (isOpen(order)) order.status = isWhole ? 'filled' : 'partially_filled'
  if (isWhole) order.filled_at = at
  return {
    // Its own id: nothing published says that it agrees with the stream's execution_id.
    id: `${at.replace(/\D/g, '').slice(0, 17)}::${randomUUID()}`,
    activity_type: 'FILL',
    transaction_time: at,
    type: isWhole ? 'fill' : 'partial_fill',
    price: price.toFixed(),
    qty: qty.toFixed(),
    side: order.side,
    symbol: order.symbol,
    leaves_qty: Decimal.max(remainder(order), 0).toFixed(),
    order_id: order.id,
    cum_qty: cumulative.toFixed(),
    order_status: order.status,
  }
}
