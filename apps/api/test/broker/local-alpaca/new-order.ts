import { randomUUID } from 'node:crypto'
import { assetId, Refused, type WireOrder } from './wire.ts'

const TIMES_IN_FORCE = ['day', 'gtc', 'opg', 'cls', 'ioc', 'fok']
const TYPES = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop']

type Body = Record<string, unknown>

const wrong = (message: string) => new Refused(422, 42_210_000, message)
const invalid = (message: string) => new Refused(400, 40_010_000, message)
const isAbove0 = (text: string | null | undefined): boolean => Number(text) > 0

/**
 * What the body of `POST /v2/orders` asks for, if it is well formed.
 * @throws Refused as Alpaca does: 400 for words it does not know, 422 for what does not go together
 */
export function orderOf(body: Body, symbols: ReadonlySet<string>, at: string): WireOrder {
  const text = (name: string) => (body[name] === undefined ? null : String(body[name]))
  const [symbol, type, tif, side] = ['symbol', 'type', 'time_in_force', 'side'].map(
    (name) => text(name) ?? '',
  )
  const isOco = text('order_class') === 'oco'
  const takeProfit = body['take_profit'] as { limit_price?: string } | undefined
  const limit = isOco ? (takeProfit?.limit_price ?? null) : text('limit_price')
  const qty = text('qty')
  const clientOrderId = text('client_order_id') ?? randomUUID()
  if (symbol === undefined || !symbols.has(symbol)) throw wrong(`asset "${symbol}" not found`)
  if (type === undefined || !TYPES.includes(type)) throw invalid(`invalid order type: ${type}`)
  if (tif === undefined || !TIMES_IN_FORCE.includes(tif)) throw invalid(`invalid time_in_force: ${tif}`)
  if (side !== 'buy' && side !== 'sell') throw invalid(`invalid side: ${side}`)
  if (qty === null || !isAbove0(qty)) throw wrong('qty must be > 0')
  if (type === 'limit' && !isAbove0(limit)) throw wrong('limit orders require limit price')
  if (type === 'stop' && !isAbove0(text('stop_price'))) throw wrong('stop orders require stop price')
  if (isOco && type !== 'limit') throw wrong('oco orders must be limit orders')
  if (clientOrderId.length > 128) throw wrong('client_order_id must be at most 128 characters')
  const stop = isOco ? null : text('stop_price')
  const orderClass = text('order_class') ?? ''
  return newOrder({ symbol, side, type, tif, qty, limit, stop, clientOrderId, orderClass }, at)
}

/** The stop that a group has beside its limit, held until it is touched. Alpaca makes up its client id. */
export function legOf(parent: WireOrder, body: Body, at: string): WireOrder {
  const stopLoss = body['stop_loss'] as { stop_price?: string } | undefined
  if (!isAbove0(stopLoss?.stop_price)) throw wrong('oco orders require stop_loss.stop_price')
  const { symbol, side, time_in_force: tif } = parent
  const facts = { symbol, side, tif, type: 'stop', qty: parent.qty ?? '0', limit: null }
  const stop = stopLoss?.stop_price ?? null
  const leg = newOrder({ ...facts, stop, clientOrderId: randomUUID(), orderClass: 'oco' }, at)
  return { ...leg, status: 'held' }
}

interface Facts {
  symbol: string
  side: string
  type: string
  tif: string
  qty: string
  limit: string | null
  stop: string | null
  clientOrderId: string
  orderClass: string
}

function newOrder(facts: Facts, at: string): WireOrder {
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
