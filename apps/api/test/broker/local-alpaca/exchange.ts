import { Decimal } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

/** An order as the REST API shows it: https://docs.alpaca.markets/reference/getorderbyorderid, all numbers as text. */
export interface WireOrder {
  id: string
  client_order_id: string
  created_at: string
  updated_at: string
  submitted_at: string
  filled_at: string | null
  expired_at: string | null
  canceled_at: string | null
  failed_at: string | null
  replaced_at: string | null
  replaced_by: string | null
  replaces: string | null
  asset_id: string
  symbol: string
  asset_class: string
  notional: string | null
  qty: string | null
  filled_qty: string
  filled_avg_price: string | null
  order_class: string
  order_type: string
  type: string
  side: string
  time_in_force: string
  limit_price: string | null
  stop_price: string | null
  status: string
  extended_hours: boolean
  legs: WireOrder[] | null
  trail_percent: string | null
  trail_price: string | null
  hwm: string | null
}

/** https://docs.alpaca.markets/reference/getaccountactivitiesbyactivitytype-1 */
export interface WireFill {
  id: string
  activity_type: 'FILL'
  transaction_time: string
  type: 'fill' | 'partial_fill'
  price: string
  qty: string
  side: string
  symbol: string
  leaves_qty: string
  order_id: string
  cum_qty: string
  order_status: string
}

export interface WireUpdate {
  event: string
  execution_id?: string
  order: WireOrder
  timestamp?: string
  price?: string
  qty?: string
  position_qty?: string
}

/** A refusal: status and body. */
export class Refused extends Error {
  readonly status: number
  readonly body: Record<string, unknown>

  constructor(status: number, code: number, message: string, more: Record<string, unknown> = {}) {
    super(message)
    this.status = status
    this.body = { code, message, ...more }
  }
}

const OPEN = new Set(['new', 'accepted', 'pending_new', 'partially_filled', 'pending_cancel', 'held'])
const TIMES_IN_FORCE = ['day', 'gtc', 'opg', 'cls', 'ioc', 'fok']
const TYPES = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop']
const zero = new Decimal(0)

export interface ExchangeFacts {
  cash: string
  symbols: string[]
}

/**
 * One trading account and the market it trades in, with the rules that Alpaca publishes: which orders are refused and how,
 * what becomes of them, and in which words that is told. Written from the documentation; it knows nothing of the adapter.
 */
export class LocalExchange {
  readonly orders = new Map<string, WireOrder>()
  readonly fills: WireFill[] = []
  readonly positions = new Map<string, { qty: Decimal; cost: Decimal }>()
  readonly prices = new Map<string, Decimal>()
  /** Leg id -> its parent's. */
  readonly #parents = new Map<string, string>()
  readonly #symbols: Set<string>
  readonly #onUpdate: (update: WireUpdate) => void
  #cash: Decimal
  #lastMs = 0
  /** False: orders rest until a test fills them. */
  autoFill = true
  /** False: a cancel stays pending until a test completes it. */
  autoCancel = true

  constructor(facts: ExchangeFacts, onUpdate: (update: WireUpdate) => void) {
    this.#cash = new Decimal(facts.cash)
    this.#symbols = new Set(facts.symbols)
    this.#onUpdate = onUpdate
  }

  /** `POST /v2/orders`. */
  place(body: Record<string, unknown>): WireOrder {
    const order = this.#validated(body)
    const isOco = order.order_class === 'oco'
    this.#assertAffordable(order)
    this.orders.set(order.id, order)
    if (isOco) order.legs = [this.#leg(order, body)]
    const answer = structuredClone(order)
    queueMicrotask(() => this.#route(order))
    return answer
  }

  /** `DELETE /v2/orders/{id}`. */
  cancel(id: string): void {
    const order = this.#get(id)
    if (!OPEN.has(order.status)) {
      throw new Refused(422, 42_210_000, `order is already in "${order.status}" state`)
    }
    order.status = 'pending_cancel'
    this.#tell('pending_cancel', order)
    if (this.autoCancel) queueMicrotask(() => this.completeCancel(order.client_order_id))
  }

  /** The cancel went through, for the order and whatever it is grouped with. */
  completeCancel(clientOrderId: string): void {
    for (const member of this.#group(this.byClientId(clientOrderId))) {
      if (OPEN.has(member.status)) this.#end(member, 'canceled')
    }
  }

  expire(clientOrderId: string): void {
    this.#end(this.byClientId(clientOrderId), 'expired')
  }

  /** Refused by the venue after it was accepted. */
  reject(clientOrderId: string): void {
    this.#end(this.byClientId(clientOrderId), 'rejected')
  }

  /** Goes on as another order, as after a corporate action or when a person edits it. */
  replace(clientOrderId: string, qty: string): WireOrder {
    const old = this.byClientId(clientOrderId)
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
    this.orders.set(next.id, next)
    Object.assign(old, { status: 'replaced', replaced_by: next.id, replaced_at: this.#now() })
    this.#tell('replaced', old)
    this.#tell('new', next)
    return next
  }

  /** A price of the market: fills what it touches. */
  price(symbol: string, price: number | string): void {
    this.prices.set(symbol, new Decimal(price))
    if (this.autoFill) for (const order of this.orders.values()) this.#match(order)
  }

  /** One execution, whatever the price of the market and the state of the order are. */
  fill(clientOrderId: string, qty: number | string, price: number | string): WireFill {
    return this.execute(this.byClientId(clientOrderId), new Decimal(qty), new Decimal(price))
  }

  byClientId(clientOrderId: string): WireOrder {
    const found = [...this.orders.values()].find((order) => order.client_order_id === clientOrderId)
    if (!found) throw new Refused(404, 40_410_000, `order not found for ${clientOrderId}`)
    return found
  }

  /** An order as an answer, its legs inside if asked for. */
  shown(order: WireOrder, nested: boolean): WireOrder {
    return { ...structuredClone(order), legs: nested ? structuredClone(order.legs) : null }
  }

  get(id: string): WireOrder {
    return this.#get(id)
  }

  /** `GET /v2/orders`: legs on their own unless nested. */
  list(query: URLSearchParams): WireOrder[] {
    const status = query.get('status') ?? 'open'
    const nested = query.get('nested') === 'true'
    const after = Date.parse(query.get('after') ?? '1970-01-01T00:00:00Z')
    const symbols = query.get('symbols')?.split(',')
    const found = [...this.orders.values()]
      .filter((order) => !nested || !this.#parents.has(order.id))
      .filter((order) => status === 'all' || (status === 'open') === this.#isOpen(order, nested))
      .filter((order) => Date.parse(order.submitted_at) > after)
      .filter((order) => symbols === undefined || symbols.includes(order.symbol))
      .sort((a, b) => Date.parse(a.submitted_at) - Date.parse(b.submitted_at))
    if (query.get('direction') !== 'asc') found.reverse()
    return found.slice(0, Number(query.get('limit') ?? 50)).map((order) => this.shown(order, nested))
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
    const long = this.#marketValue((qty) => qty.gt(0))
    const short = this.#marketValue((qty) => qty.lt(0))
    const equity = this.#cash.plus(long).plus(short).toFixed()
    return {
      id: 'e6fe16f3-64a4-4921-8928-cadf02f92f98',
      account_number: '010203ABCD',
      status: 'ACTIVE',
      currency: 'USD',
      cash: this.#cash.toFixed(),
      portfolio_value: equity,
      equity,
      last_equity: equity,
      buying_power: this.#buyingPower().toFixed(),
      long_market_value: long.toFixed(),
      short_market_value: short.toFixed(),
      multiplier: '1',
      shorting_enabled: true,
      trading_blocked: false,
      account_blocked: false,
      transfers_blocked: false,
      trade_suspended_by_user: false,
      pattern_day_trader: false,
      created_at: '2019-06-12T22:47:07.99658Z',
    }
  }

  positionList(): Record<string, unknown>[] {
    return [...this.positions].map(([symbol, { qty, cost }]) => {
      const price = this.prices.get(symbol) ?? cost.div(qty)
      const value = qty.times(price)
      return {
        asset_id: assetId(symbol),
        symbol,
        exchange: 'NASDAQ',
        asset_class: 'us_equity',
        asset_marginable: true,
        qty: qty.toFixed(),
        qty_available: qty.toFixed(),
        avg_entry_price: cost.div(qty).toFixed(),
        side: qty.gt(0) ? 'long' : 'short',
        market_value: value.toFixed(),
        cost_basis: cost.toFixed(),
        unrealized_pl: value.minus(cost).toFixed(),
        unrealized_plpc: '0',
        unrealized_intraday_pl: '0',
        unrealized_intraday_plpc: '0',
        current_price: price.toFixed(),
        lastday_price: price.toFixed(),
        change_today: '0',
      }
    })
  }

  #isOpen(order: WireOrder, nested: boolean): boolean {
    return OPEN.has(order.status) || (nested && (order.legs ?? []).some((leg) => OPEN.has(leg.status)))
  }

  #get(id: string): WireOrder {
    const order = this.orders.get(id)
    if (!order) throw new Refused(404, 40_410_000, `order not found for ${id}`)
    return order
  }

  #validated(body: Record<string, unknown>): WireOrder {
    const text = (name: string) => (body[name] === undefined ? null : String(body[name]))
    const wrong = (message: string) => new Refused(422, 42_210_000, message)
    const symbol = text('symbol') ?? ''
    const type = text('type') ?? ''
    const tif = text('time_in_force') ?? ''
    const side = text('side') ?? ''
    const isOco = text('order_class') === 'oco'
    const takeProfit = body['take_profit'] as { limit_price?: string } | undefined
    const limit = isOco ? (takeProfit?.limit_price ?? null) : text('limit_price')
    if (!this.#symbols.has(symbol)) throw wrong(`asset "${symbol}" not found`)
    if (!TYPES.includes(type)) throw new Refused(400, 40_010_000, `invalid order type: ${type}`)
    if (!TIMES_IN_FORCE.includes(tif)) throw new Refused(400, 40_010_000, `invalid time_in_force: ${tif}`)
    if (side !== 'buy' && side !== 'sell') throw new Refused(400, 40_010_000, `invalid side: ${side}`)
    const qty = text('qty')
    if (qty === null || !(Number(qty) > 0)) throw wrong('qty must be > 0')
    if (type === 'limit' && !(Number(limit) > 0)) throw wrong('limit orders require limit price')
    if (type === 'stop' && !(Number(text('stop_price')) > 0)) throw wrong('stop orders require stop price')
    if (isOco && type !== 'limit') throw wrong('oco orders must be limit orders')
    const clientOrderId = text('client_order_id') ?? randomUUID()
    if (clientOrderId.length > 128) throw wrong('client_order_id must be at most 128 characters')
    if ([...this.orders.values()].some((order) => order.client_order_id === clientOrderId)) {
      throw new Refused(422, 40_010_001, 'client_order_id must be unique')
    }
    return this.#newOrder({
      symbol,
      side,
      type,
      tif,
      qty,
      limit,
      stop: isOco ? null : text('stop_price'),
      clientOrderId,
      orderClass: text('order_class') ?? '',
    })
  }

  #leg(parent: WireOrder, body: Record<string, unknown>): WireOrder {
    const stopLoss = body['stop_loss'] as { stop_price?: string } | undefined
    if (!(Number(stopLoss?.stop_price) > 0))
      throw new Refused(422, 42_210_000, 'oco orders require stop_loss.stop_price')
    const leg = this.#newOrder({
      symbol: parent.symbol,
      side: parent.side,
      type: 'stop',
      tif: parent.time_in_force,
      qty: parent.qty ?? '0',
      limit: null,
      stop: stopLoss?.stop_price ?? null,
      clientOrderId: randomUUID(),
      orderClass: 'oco',
    })
    leg.status = 'held'
    this.orders.set(leg.id, leg)
    this.#parents.set(leg.id, parent.id)
    return leg
  }

  #newOrder(facts: {
    symbol: string
    side: string
    type: string
    tif: string
    qty: string
    limit: string | null
    stop: string | null
    clientOrderId: string
    orderClass: string
  }): WireOrder {
    const at = this.#now()
    return {
      id: randomUUID(),
      client_order_id: facts.clientOrderId,
      created_at: at,
      updated_at: at,
      submitted_at: at,
      filled_at: null,
      expired_at: null,
      canceled_at: null,
      failed_at: null,
      replaced_at: null,
      replaced_by: null,
      replaces: null,
      asset_id: assetId(facts.symbol),
      symbol: facts.symbol,
      asset_class: 'us_equity',
      notional: null,
      qty: facts.qty,
      filled_qty: '0',
      filled_avg_price: null,
      order_class: facts.orderClass,
      order_type: facts.type,
      type: facts.type,
      side: facts.side,
      time_in_force: facts.tif,
      limit_price: facts.limit,
      stop_price: facts.stop,
      status: 'accepted',
      extended_hours: false,
      legs: null,
      trail_percent: null,
      trail_price: null,
      hwm: null,
    }
  }

  /** 403 where money or shares do not suffice; only exit orders reserve shares. */
  #assertAffordable(order: WireOrder): void {
    const qty = new Decimal(order.qty ?? 0)
    const held = this.positions.get(order.symbol)?.qty ?? zero
    if (order.side === 'sell' && held.gt(0)) {
      const free = held.minus(this.#reserved(order.symbol))
      if (qty.lte(free)) return
      throw new Refused(
        403,
        40_310_000,
        `insufficient qty available for order (requested: ${qty.toFixed()}, available: ${free.toFixed()})`,
        { symbol: order.symbol, available: free.toFixed(), existing_qty: held.toFixed() },
      )
    }
    const price = new Decimal(order.limit_price ?? order.stop_price ?? this.prices.get(order.symbol) ?? 0)
    const cost = qty.times(price)
    const power = this.#buyingPower()
    if (cost.lte(power)) return
    throw new Refused(403, 40_310_000, 'insufficient buying power', {
      buying_power: power.toFixed(),
      cost_basis: cost.toFixed(),
    })
  }

  #reserved(symbol: string): Decimal {
    return [...this.orders.values()]
      .filter((order) => order.symbol === symbol && order.side === 'sell' && OPEN.has(order.status))
      .filter((order) => !this.#parents.has(order.id))
      .reduce((sum, order) => sum.plus(order.qty ?? 0).minus(order.filled_qty), zero)
  }

  #buyingPower(): Decimal {
    const working = [...this.orders.values()]
      .filter((order) => order.side === 'buy' && OPEN.has(order.status))
      .reduce((sum, order) => sum.plus(new Decimal(order.qty ?? 0).times(order.limit_price ?? 0)), zero)
    return Decimal.max(this.#cash.minus(working), 0)
  }

  #marketValue(which: (qty: Decimal) => boolean): Decimal {
    return [...this.positions]
      .filter(([, { qty }]) => which(qty))
      .reduce(
        (sum, [symbol, { qty, cost }]) => sum.plus(qty.times(this.prices.get(symbol) ?? cost.div(qty))),
        zero,
      )
  }

  #route(order: WireOrder): void {
    if (order.status !== 'accepted') return
    for (const member of this.#group(order)) {
      if (member.status === 'accepted') member.status = 'new'
      this.#tell(member.status === 'held' ? 'held' : 'new', member)
    }
    if (this.autoFill) for (const member of this.#group(order)) this.#match(member)
    if (order.time_in_force === 'ioc' && OPEN.has(order.status)) this.#end(order, 'canceled')
  }

  #match(order: WireOrder): void {
    const price = this.prices.get(order.symbol)
    if (!price || !OPEN.has(order.status) || order.status === 'accepted') return
    const isBuy = order.side === 'buy'
    const limit = order.limit_price === null ? null : new Decimal(order.limit_price)
    const stop = order.stop_price === null ? null : new Decimal(order.stop_price)
    if (limit && (isBuy ? price.gt(limit) : price.lt(limit))) return
    if (stop && (isBuy ? price.lt(stop) : price.gt(stop))) return
    this.execute(order, new Decimal(order.qty ?? 0).minus(order.filled_qty), price)
  }

  execute(order: WireOrder, qty: Decimal, price: Decimal): WireFill {
    const executionId = randomUUID()
    const at = this.#now()
    const before = new Decimal(order.filled_qty)
    const cumulative = before.plus(qty)
    const isWhole = cumulative.gte(order.qty ?? 0)
    const paid = new Decimal(order.filled_avg_price ?? 0).times(before).plus(price.times(qty))
    order.filled_qty = cumulative.toFixed()
    order.filled_avg_price = paid.div(cumulative).toFixed()
    order.updated_at = at
    if (OPEN.has(order.status)) order.status = isWhole ? 'filled' : 'partially_filled'
    if (isWhole) order.filled_at = at
    const fill: WireFill = {
      // Its own id: nothing published says that it agrees with the stream's execution_id.
      id: `${at.replace(/\D/g, '').slice(0, 17)}::${randomUUID()}`,
      activity_type: 'FILL',
      transaction_time: at,
      type: isWhole ? 'fill' : 'partial_fill',
      price: price.toFixed(),
      qty: qty.toFixed(),
      side: order.side,
      symbol: order.symbol,
      leaves_qty: Decimal.max(new Decimal(order.qty ?? 0).minus(cumulative), 0).toFixed(),
      order_id: order.id,
      cum_qty: cumulative.toFixed(),
      order_status: order.status,
    }
    this.fills.push(fill)
    const signed = order.side === 'buy' ? qty : qty.negated()
    this.#book(order.symbol, signed, price)
    this.#onUpdate({
      event: fill.type,
      execution_id: executionId,
      order: structuredClone({ ...order, legs: null }),
      timestamp: at,
      price: price.toFixed(),
      qty: qty.toFixed(),
      position_qty: (this.positions.get(order.symbol)?.qty ?? zero).toFixed(),
    })
    this.#afterFill(order, qty)
    return fill
  }

  /** One cancels the other; a part filled of one is taken off the other. */
  #afterFill(order: WireOrder, qty: Decimal): void {
    for (const other of this.#group(order).filter((member) => member !== order && OPEN.has(member.status))) {
      const left = new Decimal(other.qty ?? 0).minus(qty)
      if (left.gt(0)) other.qty = left.toFixed()
      else this.#end(other, 'canceled')
    }
  }

  #book(symbol: string, signed: Decimal, price: Decimal): void {
    this.#cash = this.#cash.minus(signed.times(price))
    const held = this.positions.get(symbol) ?? { qty: zero, cost: zero }
    const qty = held.qty.plus(signed)
    const isGrowing = held.qty.isZero() || held.qty.s === signed.s
    const cost = isGrowing
      ? held.cost.plus(signed.times(price))
      : qty.s === held.qty.s
        ? held.cost.times(qty).div(held.qty)
        : qty.times(price)
    if (qty.isZero()) this.positions.delete(symbol)
    else this.positions.set(symbol, { qty, cost })
  }

  #end(order: WireOrder, status: 'canceled' | 'expired' | 'rejected'): void {
    const at = this.#now()
    order.status = status
    order.updated_at = at
    if (status === 'canceled') order.canceled_at = at
    if (status === 'expired') order.expired_at = at
    if (status === 'rejected') order.failed_at = at
    this.#tell(status, order)
  }

  /** The order and whatever cancels with it. */
  #group(order: WireOrder): WireOrder[] {
    const parent = this.orders.get(this.#parents.get(order.id) ?? '') ?? order
    return [parent, ...(parent.legs ?? [])]
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

/** A stable UUID for a symbol. */
function assetId(symbol: string): string {
  const hex = Buffer.from(symbol.padEnd(16, '_')).toString('hex').slice(0, 32)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
