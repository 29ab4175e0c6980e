import { Decimal } from '@quantdeck/domain'
import { describe, expect, it } from 'vitest'
import { ocoClientIds } from '../../src/broker/port.ts'
import { Bookkeeper } from './bookkeeper.ts'
import { rig, books, order, resting, codes, aMoment, useFaultyAlpaca } from './faulty-alpaca.ts'
import { PUBLISHED_TRADE_UPDATE } from './local-alpaca/published.ts'

useFaultyAlpaca()

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
    const shown = rig.server.exchange.book.shown(rig.server.exchange.book.byClientId(id), false)
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
    const data = { event: 'trade_bust', order: rig.server.exchange.book.byClientId(id) }
    rig.server.sendRaw(JSON.stringify({ stream: 'trade_updates', data }))
    await expect.poll(codes).toEqual(['CRITICAL BROKER_CORRECTION'])
  })

  it('with a word that nobody knows is asked about', async () => {
    const id = await resting()
    rig.server.stream = { drop: () => true }
    rig.server.exchange.fill(id, 10, 90)
    const data = { event: 'teleported', order: rig.server.exchange.book.byClientId(id) }
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
