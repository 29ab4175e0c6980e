import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cancelOrder } from '../../src/features/orders/operations.ts'
import { draftOf, later, order, post, price, switchTo } from './acts.ts'
import { book, orderLines, working } from './facts.ts'
import { ADMIN, type DeskHouse, openDeskHouse, strategy } from './house.ts'

/** Wednesday 17:00 in New York: closed since an hour. It opens again on Thursday at 09:30. */
const EVENING = new Date('2026-01-07T22:00:00Z')
const OPENING = new Date('2026-01-08T14:30:00Z')

let house: DeskHouse
beforeAll(async () => {
  house = await openDeskHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.reset(strategy())
  house.clock.advanceTo(new Date('2026-01-07T20:59:00Z'))
  await price(house, 'SPX', 5000)
  house.clock.advanceTo(EVENING)
})

const LONG = { symbol: 'SPX', stopLoss: new Decimal(4950) }
const SHORT = { symbol: 'SPX', stopLoss: new Decimal(5050) }

async function open(value: number): Promise<void> {
  house.clock.advanceTo(OPENING)
  await price(house, 'SPX', value)
}

async function held(): Promise<string | undefined> {
  return (await book(house)).open.get('SPX')?.quantity.toFixed()
}

describe('an order decided while the market is closed', () => {
  it('waits as PENDING and fills at the first price of the next session', async () => {
    const { signal } = await post(house, 'LONG', LONG)
    expect(signal.outcome).toBe('ORDERS')
    expect(await orderLines(house.db)).toEqual(['PENDING BUY 0'])
    expect(house.broker.sent).toEqual([])
    await open(5010)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 3'])
    expect((await book(house)).open.get('SPX')?.entryPrice.toFixed()).toBe('5010.26')
  })

  it('is judged again at the open: a block that came overnight rejects it', async () => {
    await post(house, 'LONG', LONG)
    await switchTo(house, 'global', 'REDUCING')
    await open(5010)
    expect(await orderLines(house.db)).toEqual(['REJECTED BUY 0'])
    expect(house.broker.sent).toEqual([])
  })

  it('can be cancelled while it waits, at once and without the broker', async () => {
    const { signal } = await post(house, 'LONG', LONG)
    const cancelled = await cancelOrder(house.deps, ADMIN, signal.orderIds[0] ?? '')
    expect(cancelled.status).toBe('CANCELLED')
    await open(5010)
    expect(await orderLines(house.db)).toEqual(['CANCELLED BUY 0'])
    expect(house.broker.cancels).toEqual([])
  })

  it('is replaced by a newer signal that contradicts it, and kept by one that agrees', async () => {
    await post(house, 'LONG', LONG)
    const same = await post(house, 'LONG', LONG)
    expect(same.signal.outcomeReasons.map(({ code }) => code)).toEqual(['ENTRY_ON_ITS_WAY'])
    house.clock.advanceBy(60_000)
    await post(house, 'SHORT', SHORT)
    expect(await orderLines(house.db)).toEqual(['CANCELLED BUY 0', 'PENDING SELL 0'])
    await open(5010)
    expect(await held()).toBe('-3')
  })

  it('of a reversal goes out leg by leg: the opening leg does not keep the closing one from reducing', async () => {
    house.clock.advanceTo(new Date('2026-01-07T22:00:00Z'))
    await post(house, 'LONG', LONG)
    await open(5000)
    house.clock.advanceTo(new Date('2026-01-08T22:00:00Z'))
    await post(house, 'SHORT', SHORT)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 3', 'PENDING SELL 0', 'PENDING SELL 0'])
    house.clock.advanceTo(new Date('2026-01-09T14:30:00Z'))
    await price(house, 'SPX', 5000)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 3', 'FILLED SELL 3', 'FILLED SELL 3'])
    expect(await held()).toBe('-3')
  })

  it('gives way to a stop that the opening price touches: one exit, no refused one', async () => {
    await post(house, 'LONG', LONG)
    await open(5000)
    house.clock.advanceTo(new Date('2026-01-08T22:00:00Z'))
    await post(house, 'CLOSE', { symbol: 'SPX' })
    house.clock.advanceTo(new Date('2026-01-09T14:30:00Z'))
    await price(house, 'SPX', 4900)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 3', 'FILLED SELL 3', 'CANCELLED SELL 0'])
    expect(await held()).toBeUndefined()
  })

  it('is not sent twice while the broker has not answered, and not judged away', async () => {
    await post(house, 'LONG', LONG)
    house.broker.mode = 'hold'
    await open(5010)
    await later(house, 1, 'SPX', 5020)
    expect(house.broker.sent).toHaveLength(1)
    expect(await orderLines(house.db)).toEqual(['PENDING BUY 0'])
  })

  it('given in mid-session waits for the next one', async () => {
    house.clock.advanceTo(new Date('2026-01-08T15:00:00Z'))
    await price(house, 'SPX', 5000)
    const draft = draftOf('BUY', 1, { symbol: 'SPX', timeInForce: 'OPG', stopLoss: new Decimal(4950) })
    const { order: waiting } = await order(house, draft)
    await later(house, 1, 'SPX', 5000)
    expect((await working(house, waiting.orderId))?.status).toBe('PENDING')
    house.clock.advanceTo(new Date('2026-01-09T14:30:00Z'))
    await price(house, 'SPX', 5000)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 1'])
  })
})

describe('a resting limit given while the market is closed', () => {
  it('waits too: no price of yesterday fills it', async () => {
    const draft = draftOf('BUY', 1, {
      symbol: 'SPX',
      orderType: 'LIMIT',
      limitPrice: new Decimal(5020),
      stopLoss: new Decimal(4950),
    })
    expect((await order(house, draft)).verdict.violations).toEqual([])
    expect(await orderLines(house.db)).toEqual(['PENDING BUY 0'])
    await open(5015)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 1'])
    expect((await book(house)).open.get('SPX')?.entryPrice.toFixed()).toBe('5015')
  })
})
