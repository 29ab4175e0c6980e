import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BrokerEvent } from '../../src/broker/port.ts'
import { resumeExchange } from '../../src/desk/assemble.ts'
import { draftOf, later, order, post, price } from './acts.ts'
import { alertCodes, book, orderLines, rows, working, workingInDatabase } from './facts.ts'
import { type DeskHouse, openDeskHouse, strategy } from './house.ts'

let house: DeskHouse
beforeAll(async () => {
  house = await openDeskHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.reset(strategy(), strategy({ strategyId: 'live_v1', mode: 'LIVE' }))
  await price(house, 'ACME', 100)
  house.broker.mode = 'hold'
})

async function sent(quantity = 10): Promise<{ orderId: string; clientOrderId: string }> {
  return (await order(house, draftOf('BUY', quantity, { allowDuplicate: true }))).order
}

function fill(clientOrderId: string, trade: string, quantity: number, value = '100.00'): BrokerEvent {
  return {
    type: 'fill',
    clientOrderId,
    brokerOrderId: `b-${clientOrderId}`,
    brokerTradeId: trade,
    quantity: new Decimal(quantity),
    price: new Decimal(value),
    fee: new Decimal('0.10'),
    at: house.clock.now(),
  }
}

function accepted(clientOrderId: string): BrokerEvent {
  return { type: 'accepted', clientOrderId, brokerOrderId: `b-${clientOrderId}`, at: house.clock.now() }
}

function cancelled(clientOrderId: string): BrokerEvent {
  return { type: 'cancelled', clientOrderId, at: house.clock.now() }
}

const units = async () => (await book(house)).open.get('ACME')?.quantity.toFixed() ?? '0'
const fillCount = async () => (await rows(house.db, 'select 1 from fills')).length

describe('what a broker reports', () => {
  it('in parts: SUBMITTED until all of it is filled, at the average price', async () => {
    const { clientOrderId, orderId } = await sent()
    await house.desk.onBrokerEvents([accepted(clientOrderId), fill(clientOrderId, 't1', 4, '100.00')])
    expect(await working(house, orderId)).toMatchObject({ status: 'SUBMITTED' })
    await house.desk.onBrokerEvents([fill(clientOrderId, 't2', 6, '100.50')])
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10'])
    const [row] = await rows<{ average: string; fees: string }>(
      house.db,
      'select average_fill_price::text as average, fees::text as fees from orders',
    )
    expect([Number(row?.average), Number(row?.fees)]).toEqual([100.3, 0.2])
  })

  it('twice counts once: in one batch, in the next, and after the order was filled', async () => {
    const { clientOrderId } = await sent()
    const half = fill(clientOrderId, 't1', 5)
    await house.desk.onBrokerEvents([half, half])
    await house.desk.onBrokerEvents([half])
    expect([await units(), await fillCount()]).toEqual(['5', 1])
    const rest = fill(clientOrderId, 't2', 5)
    await house.desk.onBrokerEvents([rest])
    await house.desk.onBrokerEvents([half, rest, accepted(clientOrderId)])
    expect([await units(), await fillCount()]).toEqual(['10', 2])
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10'])
    expect(await alertCodes(house.db)).toEqual([])
  })

  it('the acceptance after the fill changes nothing', async () => {
    const { clientOrderId } = await sent()
    await house.desk.onBrokerEvents([fill(clientOrderId, 't1', 10), accepted(clientOrderId)])
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10'])
  })

  it('a fill after the cancellation is booked, and a person is told', async () => {
    const { clientOrderId } = await sent()
    await house.desk.onBrokerEvents([cancelled(clientOrderId)])
    await house.desk.onBrokerEvents([fill(clientOrderId, 't1', 4)])
    expect([await units(), ...(await orderLines(house.db))]).toEqual(['4', 'CANCELLED BUY 4'])
    await house.desk.onBrokerEvents([fill(clientOrderId, 't2', 6)])
    expect([await units(), ...(await orderLines(house.db))]).toEqual(['10', 'FILLED BUY 10'])
    expect(await alertCodes(house.db)).toEqual(['LATE_FILL', 'LATE_FILL'])
  })

  it('cancellation and late fill in one batch are the same', async () => {
    const { clientOrderId } = await sent()
    await house.desk.onBrokerEvents([cancelled(clientOrderId), fill(clientOrderId, 't1', 10)])
    expect([await units(), ...(await orderLines(house.db))]).toEqual(['10', 'FILLED BUY 10'])
    expect(await alertCodes(house.db)).toEqual(['LATE_FILL'])
  })

  it('a fill of an order that nobody knows, and more than was ordered, are told and not booked', async () => {
    const { clientOrderId } = await sent()
    await house.desk.onBrokerEvents([fill('stranger', 't1', 1)])
    await house.desk.onBrokerEvents([fill(clientOrderId, 't2', 11)])
    await house.desk.onBrokerEvents([fill('stranger', 't1', 1)])
    expect([await units(), await fillCount()]).toEqual(['0', 0])
    expect(await alertCodes(house.db)).toEqual(['UNKNOWN_FILL', 'OVERFILL'])
  })

  it('a refusal after a part was filled leaves the part', async () => {
    const { clientOrderId } = await sent()
    const refusal: BrokerEvent = { type: 'rejected', clientOrderId, reason: 'no', at: house.clock.now() }
    await house.desk.onBrokerEvents([fill(clientOrderId, 't1', 4), refusal])
    expect(await orderLines(house.db)).toEqual(['CANCELLED BUY 4'])
    const other = await sent()
    await house.desk.onBrokerEvents([{ ...refusal, clientOrderId: other.clientOrderId }])
    expect((await orderLines(house.db))[1]).toBe('REJECTED BUY 0')
  })

  it('of the other account goes to the other account', async () => {
    await house.db.executeSql(
      `update accounts set initial_capital = 100000, version = version + 1 where mode = 'LIVE'`,
    )
    const paper = await sent(10)
    const live = await order(house, draftOf('BUY', 5, { strategyId: 'live_v1' }), 'LIVE')
    expect(live.verdict.violations).toEqual([])
    await house.desk.onBrokerEvents([
      fill(live.order.clientOrderId, 't1', 5),
      fill(paper.clientOrderId, 't2', 10),
    ])
    expect(await units()).toBe('10')
    expect((await book(house, 'live_v1', 'LIVE')).open.get('ACME')?.quantity.toFixed()).toBe('5')
  })
})

describe('an order whose outcome is unknown', () => {
  it('is in doubt, asked about and never sent twice', async () => {
    house.broker.mode = 'fail'
    const { orderId, clientOrderId } = await sent()
    expect(await working(house, orderId)).toMatchObject({ status: 'PENDING', inDoubt: true })
    house.broker.mode = 'answer'
    // It had arrived after all: the broker has an answer.
    const [asked] = house.broker.sent
    if (asked) house.broker.exchange.submit(asked, house.clock.now())
    expect(await house.desk.resolveUnsettled()).toBe(1)
    expect(house.broker.sent).toHaveLength(1)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10'])
    expect(await rows(house.db, 'select 1 from orders where in_doubt')).toEqual([])
    expect(clientOrderId).toBe(asked?.clientOrderId)
  })

  it('is judged again and sent when the broker has never heard of it', async () => {
    house.broker.mode = 'fail'
    await sent()
    house.broker.mode = 'answer'
    expect(await house.desk.resolveUnsettled()).toBe(1)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10'])
  })

  it('whose answer was lost is booked by asking', async () => {
    house.broker.mode = 'lose'
    await sent()
    expect(await orderLines(house.db)).toEqual(['PENDING BUY 0'])
    expect(await house.desk.resolveUnsettled(60_000)).toBe(0)
    await later(house, 2, 'ACME', 100)
    expect(await house.desk.resolveUnsettled(60_000)).toBe(1)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10'])
  })
})

describe('a restart', () => {
  it('in the middle finds orders, positions and counters as they were', async () => {
    house.broker.mode = 'answer'
    await post(house, 'LONG', { stopLoss: new Decimal(98) })
    house.broker.mode = 'hold'
    await order(house, draftOf('BUY', 5))
    const restarted = house.another()
    expect((await restarted.desk.read('PAPER', (books) => books.strategies.get('ana_v1')))?.risk).toEqual(
      (await book(house)).risk,
    )
    // The entry that is on its way, and the stop at the broker.
    expect(await workingInDatabase(house.db)).toHaveLength(2)
    await resumeExchange(house.db, restarted.desk, restarted.broker.exchange)
    // The new process protects the position like the old one would have.
    restarted.broker.mode = 'answer'
    await later({ ...house, ...restarted }, 1, 'ACME', 97)
    const [trade] = await rows<{ closed: number }>(
      house.db,
      'select count(*)::int as closed from positions where closed_at is not null',
    )
    expect(trade?.closed).toBe(1)
  })
})
