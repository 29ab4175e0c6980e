import { Decimal } from '@quantdeck/domain'
import { describe, expect, it } from 'vitest'
import { ocoClientIds, SUBMIT_MS } from '../../src/broker/port.ts'
import {
  rig,
  books,
  order,
  resting,
  codes,
  posts,
  atBroker,
  aMoment,
  POST,
  BY_CLIENT_ID,
  useFaultyAlpaca,
} from './faulty-alpaca.ts'

useFaultyAlpaca()

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
    rig.server.exchange.book.byClientId(id).status = 'quantum'
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
