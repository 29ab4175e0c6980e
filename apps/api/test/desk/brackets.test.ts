import { Decimal, ensureDefined } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BrokerEvent } from '../../src/broker/port.ts'
import { resumeExchange } from '../../src/desk/assemble.ts'
import { cancelWorkingOrders } from '../../src/features/controls/cancel-working.ts'
import { cancelOrder } from '../../src/features/orders/operations.ts'
import { draftOf, later, order, post, price, switchTo } from './acts.ts'
import { alertCodes, book, orderLines, protectiveLines, rows } from './facts.ts'
import { ADMIN, type DeskHouse, openDeskHouse, strategy } from './house.ts'

let house: DeskHouse
beforeAll(async () => {
  house = await openDeskHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.reset(strategy())
  await price(house, 'ACME', 100)
})

const BRACKET = { stopLoss: new Decimal(98), takeProfit: new Decimal(105) }

async function held(): Promise<string> {
  return (await book(house)).open.get('ACME')?.quantity.toFixed() ?? '0'
}

function part(clientOrderId: string, trade: string, quantity: number): BrokerEvent {
  return {
    type: 'fill',
    clientOrderId,
    brokerOrderId: `sim-${clientOrderId}`,
    brokerTradeId: trade,
    quantity: new Decimal(quantity),
    price: new Decimal(100),
    fee: new Decimal(0),
    at: house.clock.now(),
  }
}

/** What rests at the broker, as it says. */
const atBroker = () =>
  house.broker.exchange
    .openOrders('PAPER')
    .map(({ side, quantity, filledQuantity }) => `${side} ${quantity.minus(filledQuantity).toFixed()}`)

describe('a bracket', () => {
  it('rests at the broker once its entry is filled, as two orders of one group', async () => {
    await post(house, 'LONG', BRACKET)
    expect(await protectiveLines(house.db)).toEqual(['SUBMITTED STOP 0/150', 'SUBMITTED LIMIT 0/150'])
    expect(atBroker()).toEqual(['SELL 150', 'SELL 150'])
    const [pair] = house.broker.pairs
    expect(pair?.stopLoss.clientOrderId).toBe(`${pair?.groupId}-sl`)
    expect(pair?.takeProfit.clientOrderId).toBe(`${pair?.groupId}-tp`)
  })

  it('ends with one fill: the other is cancelled, and the trade is counted as a stop exit', async () => {
    await post(house, 'LONG', BRACKET)
    await later(house, 5, 'ACME', 97)
    expect(await protectiveLines(house.db)).toEqual(['FILLED STOP 150/150', 'CANCELLED LIMIT 0/150'])
    expect([await held(), atBroker()]).toEqual(['0', []])
    expect((await book(house)).risk.consecutiveLosses).toBe(1)
  })

  it('of a short is the other way round', async () => {
    await post(house, 'SHORT', { stopLoss: new Decimal(102), takeProfit: new Decimal(95) })
    expect(atBroker()).toEqual(['BUY 150', 'BUY 150'])
    await later(house, 5, 'ACME', 94)
    expect(await protectiveLines(house.db)).toEqual(['CANCELLED STOP 0/150', 'FILLED LIMIT 150/150'])
    expect(await held()).toBe('0')
  })

  it('grows with each part of its entry and never covers more than is held', async () => {
    house.broker.mode = 'hold'
    const { order: entry } = await order(house, draftOf('BUY', 10, BRACKET))
    house.broker.mode = 'answer'
    await house.desk.onBrokerEvents([part(entry.clientOrderId, 't1', 4)])
    expect(atBroker()).toEqual(['SELL 4', 'SELL 4'])
    await house.desk.onBrokerEvents([part(entry.clientOrderId, 't2', 6)])
    expect(atBroker()).toEqual(['SELL 4', 'SELL 4', 'SELL 6', 'SELL 6'])
    await later(house, 1, 'ACME', 97)
    expect([await held(), atBroker()]).toEqual(['0', []])
  })

  it('gives way to a close: the close leaves when the broker has cancelled the bracket, and not before', async () => {
    await post(house, 'LONG', BRACKET)
    house.broker.holdCancels = true
    const { signal } = await post(house, 'CLOSE')
    expect(signal.outcome).toBe('ORDERS')
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150', 'PENDING SELL 0'])
    expect(await rows(house.db, 'select 1 from orders where is_held')).toHaveLength(1)
    await house.broker.answerCancels()
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150', 'FILLED SELL 150'])
    expect([await held(), atBroker()]).toEqual(['0', []])
  })

  it('that fills while a close waits for it ends the close: nothing is sold twice', async () => {
    await post(house, 'LONG', BRACKET)
    house.broker.holdCancels = true
    await post(house, 'CLOSE')
    await later(house, 1, 'ACME', 97)
    await house.broker.answerCancels()
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150', 'FILLED SELL 150', 'CANCELLED SELL 0'])
    expect([await held(), atBroker()]).toEqual(['0', []])
  })

  it('is placed anew around what a partial close leaves', async () => {
    await post(house, 'LONG', BRACKET)
    await order(house, draftOf('SELL', 50, { isEntry: false, reduceOnly: true }))
    expect(await held()).toBe('100')
    expect(atBroker()).toEqual(['SELL 100', 'SELL 100'])
  })

  it('comes back when the order that replaced it is cancelled', async () => {
    await post(house, 'LONG', BRACKET)
    const resting = draftOf('SELL', 150, {
      orderType: 'LIMIT',
      limitPrice: new Decimal(104),
      timeInForce: 'GTC',
      isEntry: false,
      reduceOnly: true,
    })
    const { order: exit } = await order(house, resting)
    expect(atBroker()).toEqual(['SELL 150'])
    await cancelOrder(house.deps, ADMIN, exit.orderId)
    expect(atBroker()).toEqual(['SELL 150', 'SELL 150'])
  })

  it('loses the part that a person cancels, and keeps the other', async () => {
    await post(house, 'LONG', BRACKET)
    const [target] = await rows<{ id: string }>(
      house.db,
      `select order_id as id from orders where origin = 'take_profit'`,
    )
    await cancelOrder(house.deps, ADMIN, ensureDefined(target, 'a target').id)
    const working = await rows(
      house.db,
      `select 1 from orders where status = 'SUBMITTED' and order_type = 'STOP'`,
    )
    expect([atBroker(), working.length]).toEqual([['SELL 150'], 1])
  })

  it('survives a restart, and a pair that never arrived is sent under the ids it has', async () => {
    await post(house, 'LONG', BRACKET)
    const restarted = house.another()
    await resumeExchange(house.db, restarted.desk, restarted.broker.exchange)
    expect(await restarted.desk.resolveUnsettled()).toBe(0)
    await later({ ...house, ...restarted }, 1, 'ACME', 106)
    expect(await protectiveLines(house.db)).toEqual(['CANCELLED STOP 0/150', 'FILLED LIMIT 150/150'])

    await house.reset(strategy())
    await price(house, 'ACME', 100)
    house.broker.failPairs = true
    await post(house, 'LONG', BRACKET)
    expect(await protectiveLines(house.db)).toEqual(['PENDING STOP 0/150', 'PENDING LIMIT 0/150'])
    house.broker.failPairs = false
    expect(await house.desk.resolveUnsettled()).toBeGreaterThan(0)
    expect(await protectiveLines(house.db)).toEqual(['SUBMITTED STOP 0/150', 'SUBMITTED LIMIT 0/150'])
    expect(new Set(house.broker.pairs.map(({ groupId }) => groupId)).size).toBe(1)
  })

  it('keeps protecting after a kill switch has cancelled everything else', async () => {
    await post(house, 'LONG', BRACKET)
    const resting = draftOf('BUY', 10, {
      orderType: 'LIMIT',
      limitPrice: new Decimal(99),
      timeInForce: 'GTC',
    })
    await order(house, resting)
    expect(atBroker()).toHaveLength(3)
    await switchTo(house, 'global', 'HALTED')
    await cancelWorkingOrders(house.deps, 'global', 'cancel_all')
    expect(atBroker()).toEqual(['SELL 150', 'SELL 150'])
    await later(house, 1, 'ACME', 97)
    expect(await held()).toBe('0')
  })

  it('that may not be sent while trading is halted is told, and sent when trading is released', async () => {
    house.broker.mode = 'hold'
    const { order: entry } = await order(house, draftOf('BUY', 10, BRACKET))
    house.broker.mode = 'answer'
    await switchTo(house, 'global', 'HALTED')
    await house.desk.onBrokerEvents([part(entry.clientOrderId, 't1', 10)])
    expect([await held(), atBroker()]).toEqual(['10', []])
    expect(await alertCodes(house.db)).toEqual(['POSITION_UNPROTECTED'])
    await switchTo(house, 'global', 'ACTIVE')
    await later(house, 1, 'ACME', 100)
    expect(atBroker()).toEqual(['SELL 10', 'SELL 10'])
  })

  it('comes from the configuration when the entry has none, to the tick', async () => {
    await house.reset(
      strategy({ config: { model_type: 'xgboost', stop_loss_pct: '2.0', take_profit_pct: 5 } }),
    )
    await price(house, 'ACME', '150.25')
    const { signal } = await post(house, 'LONG')
    expect([signal.outcome, signal.stopLoss]).toEqual(['ORDERS', null])
    const levels = await rows<{ level: number }>(
      house.db,
      `select coalesce(stop_price, limit_price)::float8 as level from orders
       where oco_group_id is not null order by seq`,
    )
    expect(levels.map(({ level }) => level)).toEqual([147.25, 157.76])
  })
})
