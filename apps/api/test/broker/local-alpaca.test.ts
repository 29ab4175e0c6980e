import { ApiError, orders, streaming, trading } from '@alpacahq/alpaca-trade-api'
import { ensureDefined } from '@quantdeck/domain'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  PUBLISHED_BUYING_POWER_REFUSAL,
  PUBLISHED_FILL_ACTIVITY,
  PUBLISHED_ORDER,
  PUBLISHED_POSITION,
  PUBLISHED_TRADE_UPDATE,
} from './local-alpaca/published.ts'
import { KEY_ID, LocalAlpaca, SECRET_KEY } from './local-alpaca/server.ts'

let server: LocalAlpaca
beforeEach(async () => {
  server = new LocalAlpaca()
  await server.start()
  server.exchange.price('AAPL', 100)
})
afterEach(() => server.stop())

/** Alpaca's own client, as it is published. */
function officialClient() {
  const names: Record<string, string> = { 'APCA-API-KEY-ID': KEY_ID, 'APCA-API-SECRET-KEY': SECRET_KEY }
  const configuration = new trading.Configuration({
    basePath: server.url,
    apiKey: (name: string) => names[name] ?? '',
  })
  return {
    orders: new trading.OrdersApi(configuration),
    account: new trading.AccountsApi(configuration),
    positions: new trading.PositionsApi(configuration),
    activities: new trading.AccountActivitiesApi(configuration),
  }
}

/** The fields of an example that an answer has not, or in another kind. */
function missing(example: Record<string, unknown>, answer: Record<string, unknown>): string[] {
  const kind = (value: unknown) => (value === null ? 'null' : typeof value)
  return (
    Object.entries(example)
      .filter(([name, value]) => !(name in answer) || ![kind(value), 'null'].includes(kind(answer[name])))
      .map(([name]) => name)
      // Null in the example says nothing of the kind.
      .filter((name) => example[name] !== null || !(name in answer))
  )
}

describe('the local server, asked by Alpaca’s own client', () => {
  it('takes orders, tells what became of them over the stream, and has positions, account and activities', async () => {
    const client = officialClient()
    const updates: streaming.TradeUpdate[] = []
    const stream = new streaming.TradingStream({
      credentials: { keyId: KEY_ID, secret: SECRET_KEY },
      url: `${server.url.replace('http', 'ws')}/stream`,
      reconnect: false,
    })
    stream.onTradeUpdate((update) => updates.push(update))
    stream.subscribeTradeUpdates()
    stream.connect()
    await expect.poll(() => server.isListenedTo).toBe(true)

    const request = orders.buildMarketOrder({ symbol: 'AAPL', qty: 10, side: 'buy', clientOrderId: 'mine' })
    const placed = await client.orders.postOrder({ postOrderRequest: request })
    expect(placed).toMatchObject({ clientOrderId: 'mine', status: 'accepted', symbol: 'AAPL', qty: '10' })
    await expect.poll(() => updates.map(({ event }) => event)).toEqual(['new', 'fill'])
    expect(updates[1]).toMatchObject({ price: '100', qty: '10', positionQty: '10' })
    expect(updates[1]?.order).toMatchObject({
      clientOrderId: 'mine',
      status: 'filled',
      filledAvgPrice: '100',
    })
    stream.disconnect()

    expect(await client.orders.getOrderByClientOrderId({ clientOrderId: 'mine' })).toMatchObject({
      id: placed.id,
    })
    expect(await client.positions.getAllOpenPositions()).toMatchObject([
      { symbol: 'AAPL', qty: '10', side: 'long' },
    ])
    expect(await client.account.getAccount()).toMatchObject({
      status: 'ACTIVE',
      cash: '99000',
      equity: '100000',
    })
    const activities = await client.activities.getAccountActivitiesByActivityType({ activityType: 'FILL' })
    // This client reads every activity as one without a trade: price, order and what is filled so far are lost in it.
    expect(activities).toMatchObject([{ activityType: 'FILL', qty: '10', symbol: 'AAPL' }])
  })

  it('keeps the stop of an OCO as a leg of its limit, and cancels both', async () => {
    const client = officialClient()
    await client.orders.postOrder({
      postOrderRequest: orders.buildMarketOrder({ symbol: 'AAPL', qty: 10, side: 'buy' }),
    })
    await expect.poll(() => server.exchange.portfolio.positions.size).toBe(1)
    const request = orders.buildOcoOrder({
      symbol: 'AAPL',
      qty: 10,
      side: 'sell',
      timeInForce: 'gtc',
      takeProfit: { limitPrice: 110 },
      stopLoss: { stopPrice: 95 },
    })
    const parent = await client.orders.postOrder({ postOrderRequest: request })
    expect(parent.legs).toMatchObject([{ type: 'stop', stopPrice: '95' }])
    expect(await client.orders.getAllOrders({ nested: true })).toHaveLength(1)
    expect(await client.orders.getAllOrders({ nested: false })).toHaveLength(2)
    await client.orders.deleteOrderByOrderID({ orderId: ensureDefined(parent.id, 'an id') })
    await expect
      .poll(() => [...server.exchange.book.orders.values()].map(({ status }) => status))
      .toEqual(['filled', 'canceled', 'canceled'])
  })

  it.each([
    [
      { symbol: 'AAPL', qty: 100_000, side: 'buy' as const, limitPrice: 100 },
      403,
      /insufficient buying power/,
    ],
    [{ symbol: 'NONE', qty: 1, side: 'buy' as const, limitPrice: 100 }, 422, /not found/],
  ])('refuses %j with the status and the words that are published', async (facts, status, words) => {
    const request = orders.buildLimitOrder({ ...facts, timeInForce: 'day' })
    const refused = officialClient().orders.postOrder({ postOrderRequest: request })
    await expect(refused).rejects.toSatisfy(
      (error) => error instanceof ApiError && error.status === status && words.test(error.message),
    )
  })

  it('answers wrong keys with 401, an unknown order with 404, and more than its limit with 429', async () => {
    const { orders: api } = officialClient()
    const statusOf = async (work: Promise<unknown>) => {
      const error = await work.then(
        () => null,
        (reason: unknown) => reason,
      )
      return error instanceof ApiError ? error.status : null
    }
    expect(await statusOf(api.getOrderByClientOrderId({ clientOrderId: 'none' }))).toBe(404)
    server.ratePerMinute = 1
    expect(await statusOf(api.getAllOrders({}))).toBe(429)
    server.keys = { id: 'other', secret: 'other' }
    expect(await statusOf(api.getAllOrders({}))).toBe(401)
  })
})

describe('the local server, compared with the published examples', () => {
  it('has every field of them, in the same kind', async () => {
    const updates: Record<string, unknown>[] = []
    server.stream = {
      drop: (update) => {
        updates.push(update as never)
        return true
      },
    }
    const call = async (path: string, init?: RequestInit) => {
      const headers = { 'apca-api-key-id': KEY_ID, 'apca-api-secret-key': SECRET_KEY }
      const response = await fetch(`${server.url}${path}`, { ...init, headers })
      return (await response.json()) as Record<string, unknown>
    }
    const order = { symbol: 'AAPL', qty: '2', side: 'buy', type: 'market', time_in_force: 'day' }
    const placed = await call('/v2/orders', { method: 'POST', body: JSON.stringify(order) })
    // The example orders for an amount of money, this one a number of shares.
    expect(missing({ ...PUBLISHED_ORDER, notional: null, qty: '2' }, placed)).toEqual([])
    await expect.poll(() => updates.length).toBe(2)
    const { order: filled, ...update } = PUBLISHED_TRADE_UPDATE.data
    expect(missing(update, updates[1] ?? {})).toEqual([])
    const told = updates[1]?.['order'] as Record<string, unknown>
    // Crypto's example has one more field, which stocks' have not.
    expect(missing(filled, told)).toEqual(['cancel_requested_at'])
    const [activity] = (await call('/v2/account/activities/FILL')) as unknown as Record<string, unknown>[]
    expect(missing(PUBLISHED_FILL_ACTIVITY, activity ?? {})).toEqual([])
    const [position] = (await call('/v2/positions')) as unknown as Record<string, unknown>[]
    expect(missing(PUBLISHED_POSITION, position ?? {})).toEqual([])
    const refused = await call('/v2/orders', {
      method: 'POST',
      body: JSON.stringify({ ...order, qty: '99999' }),
    })
    expect(missing(PUBLISHED_BUYING_POWER_REFUSAL, refused)).toEqual([])
  })
})
