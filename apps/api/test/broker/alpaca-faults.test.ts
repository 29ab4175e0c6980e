import { Decimal } from '@quantdeck/domain'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrokerOrder, ocoClientIds, SUBMIT_MS } from '../../src/broker/port.ts'
import { type AlpacaRig, openAlpacaRig } from './alpaca-rig.ts'
import { Bookkeeper } from './conformance.ts'
import { PUBLISHED_TRADE_UPDATE } from './local-alpaca/published.ts'
import { KEY_ID, SECRET_KEY } from './local-alpaca/server.ts'

let rig: AlpacaRig
let books: Bookkeeper
let count = 0
beforeEach(async () => {
  rig = await openAlpacaRig()
  books = new Bookkeeper()
  rig.broker.onEvents((events) => books.take(events))
  await rig.broker.start()
  await expect.poll(() => rig.broker.status().connected).toBe(true)
  await rig.price(100)
})
afterEach(() => rig.close())

const POST = 'POST /v2/orders'
const BY_CLIENT_ID = 'GET /v2/orders:by_client_order_id'

function order(over: Partial<BrokerOrder> = {}): BrokerOrder {
  count += 1
  return {
    clientOrderId: `fault-${count}`,
    mode: 'PAPER',
    symbol: 'AAPL',
    side: 'BUY',
    quantity: new Decimal(10),
    orderType: 'LIMIT',
    limitPrice: new Decimal(90),
    stopPrice: null,
    timeInForce: 'GTC',
    ...over,
  }
}

async function resting(): Promise<string> {
  const rests = order()
  await rig.broker.submit(rests)
  await books.until(rests.clientOrderId, 'accepted')
  return rests.clientOrderId
}

const codes = () => rig.problems.map(({ code, severity }) => `${severity} ${code}`)
const posts = () => rig.server.requestsOf(POST).length
const atBroker = () => [...rig.server.exchange.orders.values()].length

/** A moment in which something could go wrong that must not. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 400))

describe('an order whose answer is lost', () => {
  it('is found by asking when it arrived, and is never sent twice', async () => {
    rig.server.faults.push({ on: POST, drop: 'after' })
    const sent = order()
    await expect(rig.broker.submit(sent)).rejects.toThrow('no answer')
    expect(await rig.broker.query(sent.clientOrderId)).toMatchObject({ status: 'working' })
    expect([posts(), atBroker()]).toEqual([1, 1])
  })

  it('is not called unknown as long as it may still be on its way', async () => {
    rig.server.faults.push({ on: POST, drop: 'before' })
    const sent = order()
    await expect(rig.broker.submit(sent)).rejects.toThrow('no answer')
    await expect(rig.broker.query(sent.clientOrderId)).rejects.toThrow('sent a moment ago')
    await expect(rig.broker.cancel(sent.clientOrderId)).rejects.toThrow('sent a moment ago')
    rig.leap(11_000)
    expect(await rig.broker.query(sent.clientOrderId)).toEqual({ status: 'unknown' })
    expect([posts(), atBroker()]).toEqual([1, 0])
  })

  it('is taken as accepted when it is handed over again and Alpaca has it already', async () => {
    rig.server.faults.push({ on: POST, drop: 'after' })
    const sent = order({ orderType: 'MARKET', limitPrice: null })
    await expect(rig.broker.submit(sent)).rejects.toThrow()
    await rig.broker.submit(sent)
    await books.untilFilled(sent.clientOrderId, 10)
    expect(books.story(sent.clientOrderId)).toEqual(['accepted', 'fill 10 at 100'])
    expect(atBroker()).toBe(1)
  })

  it.each([
    { status: 500, body: '{"code":50010000,"message":"internal server error occurred"}' },
    { status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' },
    { status: 504, body: '' },
    { status: 429, body: '{"code":42910000,"message":"rate limit exceeded"}' },
  ])('is in doubt after $status, which is not repeated', async (fault) => {
    rig.server.faults.push({ on: POST, ...fault })
    await expect(rig.broker.submit(order())).rejects.toThrow(`answered with ${fault.status}`)
    await aMoment()
    expect([posts(), books.events]).toEqual([1, []])
  })

  it('is in doubt in time when Alpaca takes too long', async () => {
    rig.server.faults.push({ on: POST, delayMs: SUBMIT_MS + 2_000 })
    const start = performance.now()
    await expect(rig.broker.submit(order())).rejects.toThrow('too long')
    expect(performance.now() - start).toBeLessThan(SUBMIT_MS)
    expect(posts()).toBe(1)
  })

  it('waits for the end of the limit before anything is sent after a 429', async () => {
    const reset = String(Math.ceil(new Date().getTime() / 1000) + 1)
    rig.server.faults.push({ on: POST, status: 429, body: '{}', headers: { 'x-ratelimit-reset': reset } })
    await expect(rig.broker.submit(order())).rejects.toThrow('429')
    await rig.broker.submit(order())
    const [, second] = rig.server.requestsOf(POST)
    const first = rig.server.requestsOf(POST)[0]
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(300)
  })
})

describe('a refusal', () => {
  it.each([
    [{ quantity: new Decimal(9_999_999) }, /^Alpaca: insufficient buying power \(40310000\)$/],
    [{ symbol: 'GONE' }, /^Alpaca: asset "GONE" not found/],
    [{ symbol: 'BTC/USD' }, /stocks and ETFs only/],
    [{ orderType: 'STOP' as const, limitPrice: null, timeInForce: 'OPG' as const }, /cannot be OPG/],
    [{ mode: 'LIVE' as const }, /is the PAPER account$/],
  ])('of %j is an event with the reason', async (over, reason) => {
    const wrong = order(over)
    await rig.broker.submit(wrong)
    await books.until(wrong.clientOrderId, 'rejected')
    const [event] = books.of(wrong.clientOrderId)
    expect(event?.type === 'rejected' && event.reason).toMatch(reason)
    expect(atBroker()).toBe(0)
  })

  it('of one order of a group refuses both', async () => {
    const ids = ocoClientIds('fault-oco-refused')
    const exit = { side: 'SELL', quantity: new Decimal(9_999_999) } as const
    await rig.broker.submitOco({
      groupId: 'fault-oco-refused',
      stopLoss: order({
        ...exit,
        clientOrderId: ids.stopLoss,
        orderType: 'STOP',
        stopPrice: new Decimal(95),
      }),
      takeProfit: order({ ...exit, clientOrderId: ids.takeProfit, limitPrice: new Decimal(110) }),
    })
    await books.until(ids.stopLoss, 'rejected')
    await books.until(ids.takeProfit, 'rejected')
  })

  it('after the acceptance, and an expiry, end the order', async () => {
    const [refused, expired] = [await resting(), await resting()]
    rig.server.exchange.reject(refused)
    rig.server.exchange.expire(expired)
    await books.until(refused, 'rejected')
    await books.until(expired, 'cancelled')
    expect(books.of(expired).at(-1)).toMatchObject({ reason: 'it expired' })
  })

  it('that is a page of something in front of the API is no refusal but a doubt', async () => {
    rig.server.faults.push({ on: POST, status: 403, body: '<html>Attention required!</html>' })
    await expect(rig.broker.submit(order())).rejects.toThrow('answered with 403')
    rig.server.faults.push({ on: BY_CLIENT_ID, status: 404, body: '<html>404</html>' })
    await expect(rig.broker.query('fault-never')).rejects.toThrow('answered with 404')
    expect(codes()).toEqual(['ERROR BROKER_BAD_ANSWER', 'ERROR BROKER_BAD_ANSWER'])
  })
})

describe('an absurd answer', () => {
  const good = {
    id: '61e69015-8549-4bfd-b9c3-01e75843f47d',
    client_order_id: 'x',
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    status: 'new',
    qty: '10',
    filled_qty: '0',
  }
  it.each([
    ['an HTML page', '<!doctype html><title>Welcome</title>'],
    ['nothing', ''],
    ['half an answer', '{"id":"61e69015'],
    ['a list', '[]'],
    ['a negative quantity', JSON.stringify({ ...good, qty: '-10' })],
    ['a quantity that is no number', JSON.stringify({ ...good, qty: 'NaN' })],
    ['an infinite one', JSON.stringify({ ...good, filled_qty: 'Infinity' })],
    ['one with a thousand digits', JSON.stringify({ ...good, qty: '9'.repeat(1000) })],
    ['one with an exponent', JSON.stringify({ ...good, qty: '1e400' })],
    ['a date that is none', JSON.stringify({ ...good, submitted_at: 'yesterday' })],
    ['a side that nobody knows', JSON.stringify({ ...good, side: 'sideways' })],
    ['a prototype', JSON.stringify({ ...good, qty: { constructor: 1 } })],
    ['five megabytes', `"${'x'.repeat(5 * 1024 * 1024)}"`],
  ])('to a submit (%s) leaves it in doubt and is told', async (_what, body) => {
    rig.server.faults.push({ on: POST, answer: body })
    const sent = order()
    await expect(rig.broker.submit(sent)).rejects.toThrow()
    expect(codes()).toEqual(['ERROR BROKER_BAD_ANSWER'])
    if (body.length > 1_000_000) expect(rig.problems[0]?.message).toContain('longer than 4194304 bytes')
    // It is there all the same, and works.
    expect(await rig.broker.query(sent.clientOrderId)).toMatchObject({ status: 'working' })
    rig.server.exchange.fill(sent.clientOrderId, 10, 90)
    await books.untilFilled(sent.clientOrderId, 10)
  })

  it('that has another order under our id is a CRITICAL contradiction', async () => {
    rig.server.faults.push({
      on: POST,
      answer: JSON.stringify({ ...good, client_order_id: 'somebody-else' }),
    })
    await expect(rig.broker.submit(order())).rejects.toThrow('another order')
    expect(codes()).toEqual(['CRITICAL BROKER_CONTRADICTION'])
  })

  it('with a status that nobody knows ends nothing', async () => {
    const id = await resting()
    rig.server.exchange.byClientId(id).status = 'quantum'
    expect(await rig.broker.query(id)).toMatchObject({ status: 'working' })
    expect(codes()).toEqual(['WARNING BROKER_BAD_ANSWER'])
  })

  it('in a list makes the list fail: never a part of it', async () => {
    await resting()
    const text = JSON.stringify([
      { ...good, qty: '10' },
      { ...good, qty: '-1' },
    ])
    rig.server.faults.push({ on: 'GET /v2/orders', answer: text })
    await expect(rig.broker.listOpenOrders('PAPER')).rejects.toThrow('makes no sense')
    rig.server.faults.push({
      on: 'GET /v2/positions',
      answer: '[{"symbol":"AAPL","qty":"NaN","side":"long"}]',
    })
    await expect(rig.broker.listPositions('PAPER')).rejects.toThrow('makes no sense')
    rig.server.faults.push({
      on: 'GET /v2/account',
      answer: '{"status":"ACTIVE","cash":"lots","equity":"1"}',
    })
    await expect(rig.broker.account('PAPER')).rejects.toThrow('makes no sense')
  })

  it('keeps the sign of a short position, whichever way it is told', async () => {
    const short = [
      { symbol: 'AAPL', qty: '-5', side: 'short' },
      { symbol: 'MSFT', qty: '5', side: 'short' },
      { symbol: 'SPY', qty: '0', side: 'long' },
    ]
    rig.server.faults.push({ on: 'GET /v2/positions', answer: JSON.stringify(short) })
    const positions = await rig.broker.listPositions('PAPER')
    expect(positions.map(({ symbol, quantity }) => `${symbol} ${quantity.toFixed()}`)).toEqual([
      'AAPL -5',
      'MSFT -5',
    ])
  })
})

describe('the stream of trade updates', () => {
  it('that says everything twice and out of order is booked once, completely', async () => {
    rig.server.stream = { duplicate: true, reorder: 4 }
    const rests = order()
    await rig.broker.submit(rests)
    for (const part of [2, 3, 4, 1]) rig.server.exchange.fill(rests.clientOrderId, part, 90)
    await aMoment()
    rig.server.stream = {}
    await books.untilFilled(rests.clientOrderId, 10)
    expect(books.fills()).toHaveLength(4)
    expect(await rig.broker.query(rests.clientOrderId)).toMatchObject({ status: 'filled' })
  })

  it('that leaves a fill out is noticed by what follows, and asked about', async () => {
    const id = await resting()
    rig.server.stream = { drop: ({ event, qty }) => event === 'partial_fill' && qty === '4' }
    rig.server.exchange.fill(id, 4, 90)
    rig.server.exchange.fill(id, 6, 89)
    await books.untilFilled(id, 10)
    expect(books.fills().map((fill) => fill.price.toFixed())).toEqual(expect.arrayContaining(['90', '89']))
  })

  it('that leaves a fill out before the end: the fill comes first', async () => {
    const id = await resting()
    rig.server.stream = { drop: ({ event }) => event === 'partial_fill' }
    rig.server.exchange.fill(id, 4, 90)
    await rig.broker.cancel(id)
    await books.until(id, 'cancelled')
    expect(books.story(id)).toEqual(['accepted', 'fill 4 at 90', 'cancelled'])
  })

  it('that is silent about a fill altogether: whoever asks finds it', async () => {
    const id = await resting()
    rig.server.stream = { drop: () => true }
    rig.server.exchange.fill(id, 10, 90)
    const state = await rig.broker.query(id)
    expect(state).toMatchObject({ status: 'filled' })
    expect(await rig.broker.listFills('PAPER', new Date(0))).toHaveLength(1)
  })

  it('survives frames that make no sense, and asks for what they may have said', async () => {
    const id = await resting()
    const update = (data: unknown) => JSON.stringify({ stream: 'trade_updates', data })
    const { data } = PUBLISHED_TRADE_UPDATE
    for (const frame of [
      'not json',
      '',
      '[]',
      'null',
      '{"stream":7}',
      update(undefined),
      update({ ...data, price: 'NaN' }),
      update({ ...data, qty: '-1' }),
      update({ ...data, order: { ...data.order, filled_qty: '-1' } }),
      update({ ...data, order: null }),
      '{"stream":"listening","data":{}}',
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    ]) {
      rig.server.sendRaw(frame)
    }
    await aMoment()
    rig.server.exchange.fill(id, 10, 90)
    await books.untilFilled(id, 10)
    expect(new Set(codes())).toEqual(new Set(['ERROR BROKER_BAD_ANSWER']))
    expect(rig.errors).toEqual([])
  })

  it('survives a frame of two megabytes', async () => {
    const id = await resting()
    rig.server.sendRaw('x'.repeat(2 * 1024 * 1024))
    await expect.poll(() => rig.broker.status().connected).toBe(false)
    rig.server.exchange.fill(id, 10, 90)
    await books.untilFilled(id, 10)
  })

  it('that contradicts itself is not believed', async () => {
    const id = await resting()
    rig.server.stream = { drop: () => true }
    const fill = rig.server.exchange.fill(id, 4, 90)
    const shown = rig.server.exchange.shown(rig.server.exchange.byClientId(id), false)
    const told = {
      event: 'partial_fill',
      order: shown,
      timestamp: fill.transaction_time,
      price: '90',
      qty: '4',
    }
    const say = (over: object) =>
      rig.server.sendRaw(JSON.stringify({ stream: 'trade_updates', data: { ...told, ...over } }))
    say({ execution_id: 'e1' })
    say({ execution_id: 'e1' })
    expect(codes()).toEqual([])
    // More than was ever filled, another execution with the same sum, an end that is none.
    say({ execution_id: 'e2', qty: '5' })
    say({ execution_id: 'e3' })
    say({ event: 'canceled' })
    await expect.poll(codes).toEqual(Array.from({ length: 3 }, () => 'ERROR BROKER_CONTRADICTION'))
    await aMoment()
    expect(books.fills().map((each) => each.quantity.toFixed())).toEqual(['4'])
    expect(books.story(id)).toEqual(['accepted', 'fill 4 at 90'])
  })

  it('that corrects a fill calls for a person', async () => {
    const id = await resting()
    const data = { event: 'trade_bust', order: rig.server.exchange.byClientId(id) }
    rig.server.sendRaw(JSON.stringify({ stream: 'trade_updates', data }))
    await expect.poll(codes).toEqual(['CRITICAL BROKER_CORRECTION'])
  })

  it('with a word that nobody knows is asked about', async () => {
    const id = await resting()
    rig.server.stream = { drop: () => true }
    rig.server.exchange.fill(id, 10, 90)
    const data = { event: 'teleported', order: rig.server.exchange.byClientId(id) }
    rig.server.sendRaw(JSON.stringify({ stream: 'trade_updates', data }))
    await books.untilFilled(id, 10)
    expect(codes()).toEqual(['WARNING BROKER_BAD_ANSWER'])
  })

  it('comes back by itself after each cut, and after the server was away', async () => {
    const id = await resting()
    for (let cut = 0; cut < 3; cut += 1) {
      rig.server.disconnectStreams()
      await expect.poll(() => rig.broker.status().connected).toBe(false)
      rig.server.exchange.fill(id, 2, 90)
      await books.untilFilled(id, 2 * (cut + 1))
    }
    await rig.server.stop()
    await expect.poll(() => rig.broker.status()).toMatchObject({ connected: false })
    rig.server.exchange.completeCancel(id)
    await rig.server.start()
    await books.until(id, 'cancelled', 20_000)
  })
})

describe('an order that goes on as another', () => {
  it('keeps our name, with all its fills, and can be cancelled', async () => {
    const id = await resting()
    rig.server.exchange.fill(id, 2, 90)
    const next = rig.server.exchange.replace(id, '8')
    await aMoment()
    rig.server.exchange.execute(next, new Decimal(3), new Decimal(90))
    await books.untilFilled(id, 5)
    expect((await rig.broker.listOpenOrders('PAPER')).map(({ clientOrderId }) => clientOrderId)).toEqual([id])
    const state = await rig.another().query(id)
    expect(state.status === 'working' && state.events.map(({ type }) => type)).toEqual([
      'accepted',
      'fill',
      'fill',
    ])
    await rig.broker.cancel(id)
    await books.until(id, 'cancelled')
  })
})

describe('another process', () => {
  it('knows the stop of a group that was sent before it, by question and by stream', async () => {
    const entry = order({ orderType: 'MARKET', limitPrice: null })
    await rig.broker.submit(entry)
    await books.untilFilled(entry.clientOrderId, 10)
    const ids = ocoClientIds('fault-oco')
    const exit = { side: 'SELL' as const }
    await rig.broker.submitOco({
      groupId: 'fault-oco',
      stopLoss: order({
        ...exit,
        clientOrderId: ids.stopLoss,
        orderType: 'STOP',
        stopPrice: new Decimal(95),
      }),
      takeProfit: order({ ...exit, clientOrderId: ids.takeProfit, limitPrice: new Decimal(110) }),
    })
    await books.until(ids.stopLoss, 'accepted')
    await rig.broker.close()

    const asked = rig.another()
    expect(await asked.query(ids.stopLoss)).toMatchObject({ status: 'working' })
    expect((await asked.listOpenOrders('PAPER')).map(({ clientOrderId }) => clientOrderId).sort()).toEqual(
      [ids.stopLoss, ids.takeProfit].sort(),
    )
    const listening = rig.another()
    const heard = new Bookkeeper()
    listening.onEvents((events) => heard.take(events))
    await listening.start()
    await expect.poll(() => listening.status().connected).toBe(true)
    await rig.price(94)
    await heard.untilFilled(ids.stopLoss, 10)
    await heard.until(ids.takeProfit, 'cancelled')
    await Promise.all([asked.close(), listening.close()])
  })

  it('hears of the stop of a group that this one sends under our id, though only Alpaca named it', async () => {
    const listening = rig.another()
    const heard = new Bookkeeper()
    listening.onEvents((events) => heard.take(events))
    await listening.start()
    await expect.poll(() => listening.status().connected).toBe(true)
    await aMoment()
    const entry = order({ orderType: 'MARKET', limitPrice: null })
    await rig.broker.submit(entry)
    await heard.untilFilled(entry.clientOrderId, 10)
    const ids = ocoClientIds('fault-oco-heard')
    const exit = { side: 'SELL' as const }
    await rig.broker.submitOco({
      groupId: 'fault-oco-heard',
      stopLoss: order({
        ...exit,
        clientOrderId: ids.stopLoss,
        orderType: 'STOP',
        stopPrice: new Decimal(95),
      }),
      takeProfit: order({ ...exit, clientOrderId: ids.takeProfit, limitPrice: new Decimal(110) }),
    })
    await rig.price(94)
    await heard.untilFilled(ids.stopLoss, 10)
    expect(heard.fills().map(({ clientOrderId }) => clientOrderId)).toEqual([
      entry.clientOrderId,
      ids.stopLoss,
    ])
    await listening.close()
  })

  it('reads all pages of fills, in order', async () => {
    const big = order({ quantity: new Decimal(250), limitPrice: new Decimal(10) })
    await rig.broker.submit(big)
    rig.server.stream = { drop: () => true }
    for (let part = 0; part < 250; part += 1) rig.server.exchange.fill(big.clientOrderId, 1, 10)
    const fills = await rig.another().listFills('PAPER', new Date(0))
    expect([fills.length, new Set(fills.map((fill) => fill.brokerTradeId)).size]).toEqual([250, 250])
    expect(fills.map((fill) => fill.at.getTime())).toEqual(
      fills.map((fill) => fill.at.getTime()).sort((a, b) => a - b),
    )
    rig.server.faults.push({ on: 'GET /v2/account/activities/FILL', times: 1, delayMs: 0 })
    rig.server.faults.push({ on: 'GET /v2/account/activities/FILL', status: 500 })
    await expect(rig.another().listFills('PAPER', new Date(0))).rejects.toThrow('500')
  })
})

describe('the keys', () => {
  it('when they are wrong: said at once, and nobody repeats them', async () => {
    const wrong = await openAlpacaRig({ keyId: 'PKWRONGWRONGWRONG' })
    await expect(wrong.broker.verify()).rejects.toMatchObject({ name: 'AlpacaRefusal', status: 401 })
    await wrong.broker.start()
    await expect.poll(() => wrong.problems.map(({ code }) => code)).toEqual(['BROKER_KEYS_REFUSED'])
    expect(wrong.broker.status()).toMatchObject({ connected: false })
    await wrong.broker.submit(order())
    const said = JSON.stringify([wrong.problems, wrong.broker.status(), wrong.errors.map(describeError)])
    expect(said).not.toMatch(/PKWRONG|secretsecret/)
    await wrong.close()
  })

  it('are in no error, problem or status, whatever goes wrong', async () => {
    const errors: unknown[] = []
    const id = await resting()
    for (const fault of [
      { drop: 'before' as const },
      { status: 500 },
      { answer: '<html>' },
      { status: 401, body: '' },
    ]) {
      rig.server.faults.push({ on: POST, ...fault })
      await rig.broker.submit(order()).catch((error: unknown) => errors.push(error))
    }
    await rig.server.stop()
    await rig.broker.query(id).catch((error: unknown) => errors.push(error))
    await rig.broker.listPositions('PAPER').catch((error: unknown) => errors.push(error))
    expect(errors.length).toBeGreaterThanOrEqual(5)
    const said = [
      ...errors.map(describeError),
      JSON.stringify(rig.problems),
      JSON.stringify(rig.broker.status()),
    ].join()
    expect(said).not.toContain(KEY_ID)
    expect(said).not.toContain(SECRET_KEY)
  })

  it('follow no redirect', async () => {
    const seen: unknown[] = []
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers)
      response.end('{}')
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const location = `http://127.0.0.1:${port}/v2/account`
    rig.server.faults.push({ on: 'GET /v2/account', status: 302, headers: { location } })
    await expect(rig.broker.account('PAPER')).rejects.toThrow('no answer')
    expect(seen).toEqual([])
    elsewhere.close()
  })
})

describe('the account', () => {
  it('that takes no orders is told once, and shown', async () => {
    const account = rig.server.exchange.account()
    const answer = JSON.stringify({ ...account, trading_blocked: true })
    rig.server.faults.push({ on: 'GET /v2/account', answer, times: 2 })
    await rig.broker.account('PAPER')
    await rig.broker.account('PAPER')
    expect(codes()).toEqual(['CRITICAL BROKER_ACCOUNT_BLOCKED'])
    expect(rig.broker.status().detail).toContain('trading_blocked')
    await rig.broker.account('PAPER')
    expect(rig.broker.status().detail).not.toContain('trading_blocked')
  })
})

/** Everything that a log could write of an error. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return [
    error.message,
    error.stack,
    JSON.stringify(error),
    error.cause ? describeError(error.cause) : '',
  ].join(' ')
}
