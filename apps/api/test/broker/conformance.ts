import { Decimal, ensureDefined, type TradingMode } from '@quantdeck/domain'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Broker, type BrokerOrder, ocoClientIds } from '../../src/broker/port.ts'
import { Bookkeeper, sum } from './bookkeeper.ts'

/** A broker with the market behind it, so that the same behaviour can be asked of every adapter. */
export interface BrokerRig {
  readonly broker: Broker
  readonly mode: TradingMode
  /** A symbol that it trades, in whole units. */
  readonly symbol: string
  /** The next price of the symbol. */
  price(price: number): Promise<void>
  /** Fills a part of an order that works. */
  fillPart(clientOrderId: string, quantity: number, price: number): Promise<void>
  /** Nobody tells of what happens at the broker from now on. */
  loseReports(): Promise<void>
  regainReports(): Promise<void>
  /** Everything is told twice and in no order from now on; absent where the broker cannot do such a thing. */
  tellWrongly?(): void
  /** Fills an order that is cancelled; absent where the broker cannot do such a thing. */
  fillLate?(clientOrderId: string, quantity: number, price: number): Promise<void>
  close(): Promise<void>
}

const d = (value: number | string) => new Decimal(value)

/** One suite of behaviour for every adapter of the broker port. */
export function describeBroker(name: string, openRig: () => Promise<BrokerRig>): void {
  describe(`${name} as a broker`, () => {
    let rig: BrokerRig
    let books: Bookkeeper
    let count = 0
    beforeEach(async () => {
      rig = await openRig()
      books = new Bookkeeper()
      rig.broker.onEvents((events) => books.take(events))
      await rig.broker.start()
      await expect.poll(() => rig.broker.status().connected, { timeout: 10_000, interval: 10 }).toBe(true)
      await rig.price(100)
    })
    afterEach(() => rig.close())

    function order(over: Partial<BrokerOrder> = {}): BrokerOrder {
      count += 1
      return {
        clientOrderId: `conform-${count}-${process.pid}`,
        mode: rig.mode,
        symbol: rig.symbol,
        side: 'BUY',
        quantity: d(10),
        orderType: 'MARKET',
        limitPrice: null,
        stopPrice: null,
        timeInForce: 'DAY',
        ...over,
      }
    }
    const limit = (price: number, over: Partial<BrokerOrder> = {}) =>
      order({ orderType: 'LIMIT', limitPrice: d(price), timeInForce: 'GTC', ...over })

    async function resting(over: Partial<BrokerOrder> = {}): Promise<BrokerOrder> {
      const rests = limit(90, over)
      await rig.broker.submit(rests)
      await books.until(rests.clientOrderId, 'accepted')
      return rests
    }

    async function bought(quantity = 10): Promise<void> {
      const entry = order({ quantity: d(quantity) })
      await rig.broker.submit(entry)
      await books.untilFilled(entry.clientOrderId, quantity)
    }

    async function protectedBy(stop: number, target: number, quantity = 10) {
      await bought(quantity)
      count += 1
      const groupId = `conform-oco-${count}-${process.pid}`
      const ids = ocoClientIds(groupId)
      const exit = { side: 'SELL', quantity: d(quantity), timeInForce: 'GTC' } as const
      const stopLoss = order({ ...exit, clientOrderId: ids.stopLoss, orderType: 'STOP', stopPrice: d(stop) })
      const takeProfit = limit(target, { ...exit, clientOrderId: ids.takeProfit })
      await rig.broker.submitOco({ groupId, stopLoss, takeProfit })
      await books.until(ids.stopLoss, 'accepted')
      await books.until(ids.takeProfit, 'accepted')
      return ids
    }

    const held = async () =>
      (await rig.broker.listPositions(rig.mode)).map(
        ({ symbol, quantity }) => `${symbol} ${quantity.toFixed()}`,
      )
    const openIds = async () =>
      (await rig.broker.listOpenOrders(rig.mode)).map(({ clientOrderId }) => clientOrderId).sort()

    it('accepts an order that rests, lists it and answers for it', async () => {
      const rests = await resting()
      const [listed] = await rig.broker.listOpenOrders(rig.mode)
      expect(listed).toMatchObject({ clientOrderId: rests.clientOrderId, symbol: rig.symbol, side: 'BUY' })
      expect([listed?.quantity.toFixed(), listed?.filledQuantity.toFixed()]).toEqual(['10', '0'])
      const state = await rig.broker.query(rests.clientOrderId)
      expect(state.status).toBe('working')
      expect(books.of(rests.clientOrderId)[0]).toMatchObject({
        type: 'accepted',
        brokerOrderId: listed?.brokerOrderId,
      })
    })

    it('fills a market order, after it was accepted, and holds the position', async () => {
      const entry = order()
      await rig.broker.submit(entry)
      await books.untilFilled(entry.clientOrderId, 10)
      expect(books.of(entry.clientOrderId)[0]?.type).toBe('accepted')
      expect(await held()).toEqual([`${rig.symbol} 10`])
      expect(await openIds()).toEqual([])
      expect((await rig.broker.query(entry.clientOrderId)).status).toBe('filled')
    })

    it('names a fill alike, however one learns of it', async () => {
      const since = new Date(new Date().getTime() - 60_000)
      const entry = order()
      await rig.broker.submit(entry)
      await books.untilFilled(entry.clientOrderId, 10)
      const ids = books.fills().map((fill) => fill.brokerTradeId)
      const listed = await rig.broker.listFills(rig.mode, since)
      const state = await rig.broker.query(entry.clientOrderId)
      const asked = state.status === 'unknown' ? [] : state.events.filter((event) => event.type === 'fill')
      expect(listed.map((fill) => [fill.clientOrderId, fill.brokerTradeId])).toEqual(
        ids.map((id) => [entry.clientOrderId, id]),
      )
      expect(asked.map((fill) => fill.brokerTradeId)).toEqual(ids)
    })

    it('sells short: the position is negative', async () => {
      await rig.broker.submit(order({ side: 'SELL', quantity: d(4) }))
      await expect.poll(held, { timeout: 10_000 }).toEqual([`${rig.symbol} -4`])
    })

    it('fills in parts, each part once and under its own id', async () => {
      const rests = await resting()
      await rig.fillPart(rests.clientOrderId, 4, 90)
      await books.untilFilled(rests.clientOrderId, 4)
      const state = await rig.broker.query(rests.clientOrderId)
      expect(state.status).toBe('working')
      expect((await rig.broker.listOpenOrders(rig.mode))[0]?.filledQuantity.toFixed()).toBe('4')
      await rig.fillPart(rests.clientOrderId, 6, 90)
      await books.untilFilled(rests.clientOrderId, 10)
      expect(new Set(books.fills().map((fill) => fill.brokerTradeId)).size).toBe(2)
      expect(await held()).toEqual([`${rig.symbol} 10`])
    })

    it('cancels what works; cancelling again, something finished or something unknown is no error', async () => {
      const rests = await resting()
      await rig.broker.cancel(rests.clientOrderId)
      await books.until(rests.clientOrderId, 'cancelled')
      expect(await openIds()).toEqual([])
      await rig.broker.cancel(rests.clientOrderId)
      await rig.broker.cancel('conform-never-sent')
      const entry = order()
      await rig.broker.submit(entry)
      await books.untilFilled(entry.clientOrderId, 10)
      await rig.broker.cancel(entry.clientOrderId)
      expect((await rig.broker.query(entry.clientOrderId)).status).toBe('filled')
      expect((await rig.broker.query(rests.clientOrderId)).status).toBe('cancelled')
    })

    it('leaves the part of a cancelled order that was filled', async () => {
      const rests = await resting()
      await rig.fillPart(rests.clientOrderId, 3, 90)
      await books.untilFilled(rests.clientOrderId, 3)
      await rig.broker.cancel(rests.clientOrderId)
      await books.until(rests.clientOrderId, 'cancelled')
      expect(await held()).toEqual([`${rig.symbol} 3`])
      expect(books.story(rests.clientOrderId)).toEqual(['accepted', 'fill 3 at 90', 'cancelled'])
    })

    it('states a refusal as an event with its reason, not as an exception', async () => {
      const wrong = order({ symbol: 'NOSUCHSYMBOL' })
      await rig.broker.submit(wrong)
      await books.until(wrong.clientOrderId, 'rejected')
      const [event] = books.of(wrong.clientOrderId)
      expect(event?.type === 'rejected' && event.reason).toMatch(/NOSUCHSYMBOL/)
      expect(await openIds()).toEqual([])
    })

    it('makes one order of a client id, however often it is handed over', async () => {
      const entry = order()
      await Promise.all([rig.broker.submit(entry), rig.broker.submit(entry)])
      await rig.broker.submit(entry)
      await books.untilFilled(entry.clientOrderId, 10)
      await expect.poll(held).toEqual([`${rig.symbol} 10`])
      expect(books.story(entry.clientOrderId)).not.toContain('rejected')
    })

    it('says of an order that never arrived that it is unknown', async () => {
      expect(await rig.broker.query('conform-never-sent')).toEqual({ status: 'unknown' })
    })

    it('triggers a stop once it is touched', async () => {
      await bought()
      const stop = order({ side: 'SELL', orderType: 'STOP', stopPrice: d(95), timeInForce: 'GTC' })
      await rig.broker.submit(stop)
      await books.until(stop.clientOrderId, 'accepted')
      await rig.price(96)
      expect((await rig.broker.query(stop.clientOrderId)).status).toBe('working')
      await rig.price(94)
      await books.untilFilled(stop.clientOrderId, 10)
      expect(await held()).toEqual([])
    })

    it('ends a limit for the opening that is not filled there', async () => {
      const opening = limit(90, { timeInForce: 'OPG' })
      await rig.broker.submit(opening)
      await books.until(opening.clientOrderId, 'cancelled')
      expect(await openIds()).toEqual([])
    })

    it('keeps both orders of a group, and cancels both when one is cancelled', async () => {
      const ids = await protectedBy(95, 110)
      expect(await openIds()).toEqual([ids.stopLoss, ids.takeProfit].sort())
      await rig.broker.cancel(ids.stopLoss)
      await books.until(ids.stopLoss, 'cancelled')
      await books.until(ids.takeProfit, 'cancelled')
      expect([await openIds(), await held()]).toEqual([[], [`${rig.symbol} 10`]])
    })

    it('takes the profit and cancels the stop', async () => {
      const ids = await protectedBy(95, 110)
      await rig.price(111)
      await books.untilFilled(ids.takeProfit, 10)
      await books.until(ids.stopLoss, 'cancelled')
      expect([await openIds(), await held()]).toEqual([[], []])
      expect((await rig.broker.query(ids.stopLoss)).status).toBe('cancelled')
    })

    it('stops the loss and cancels the target', async () => {
      const ids = await protectedBy(95, 110)
      await rig.price(94)
      await books.untilFilled(ids.stopLoss, 10)
      await books.until(ids.takeProfit, 'cancelled')
      expect(await held()).toEqual([])
      expect((await rig.broker.query(ids.stopLoss)).status).toBe('filled')
    })

    it('takes from the stop what the target has filled, so that the position is closed once', async () => {
      const ids = await protectedBy(95, 110)
      await rig.fillPart(ids.takeProfit, 4, 110)
      await books.untilFilled(ids.takeProfit, 4)
      await rig.price(94)
      await books.untilFilled(ids.stopLoss, 6)
      await expect.poll(held).toEqual([])
    })

    it('delivers a batch again until it was booked, and nothing before it', async () => {
      books.failures = 2
      const rests = limit(90)
      await rig.broker.submit(rests)
      await books.until(rests.clientOrderId, 'accepted')
      await rig.fillPart(rests.clientOrderId, 10, 90)
      await books.untilFilled(rests.clientOrderId, 10)
      expect(books.of(rests.clientOrderId)[0]?.type).toBe('accepted')
    })

    /** Long enough for a report to arrive. */
    const reportsArrive = () => new Promise((resolve) => setTimeout(resolve, 100))

    it('tells what gathers while the books are busy one call after the other, each order in its order', async () => {
      const [one, other] = [await resting(), await resting({ limitPrice: d(80) })]
      const before = books.calls.length
      await books.busy(async () => {
        await rig.fillPart(one.clientOrderId, 4, 90)
        await reportsArrive()
        await rig.fillPart(one.clientOrderId, 6, 90)
        await rig.broker.cancel(other.clientOrderId)
        await reportsArrive()
        expect(books.calls).toHaveLength(before + 1)
      })
      await books.untilFilled(one.clientOrderId, 10)
      await books.until(other.clientOrderId, 'cancelled')
      expect(books.story(one.clientOrderId)).toEqual(['accepted', 'fill 4 at 90', 'fill 6 at 90'])
      expect(books.story(other.clientOrderId)).toEqual(['accepted', 'cancelled'])
      const fills = books.of(one.clientOrderId).filter((event) => event.type === 'fill')
      expect(fills).toHaveLength(2)
      expect([books.calls.length, books.mostAtOnce]).toEqual([before + 2, 1])
    })

    it('lets one order whose reports cannot be booked hold up no other, and tells them in the end', async () => {
      const [bad, good] = [limit(90), limit(90)]
      books.refused = bad.clientOrderId
      await rig.broker.submit(bad)
      await rig.broker.submit(good)
      await books.until(good.clientOrderId, 'accepted')
      await rig.fillPart(bad.clientOrderId, 10, 90)
      await rig.fillPart(good.clientOrderId, 10, 90)
      await books.untilFilled(good.clientOrderId, 10)
      expect(books.of(bad.clientOrderId)).toEqual([])
      books.refused = null
      await books.untilFilled(bad.clientOrderId, 10)
      expect(books.story(bad.clientOrderId)).toEqual(['accepted', 'fill 10 at 90'])
    })

    it('tells under the same ids again what was booked though the answer was lost', async () => {
      const [one, other] = [await resting(), await resting({ limitPrice: d(80) })]
      books.lostAnswers = 2
      await books.busy(async () => {
        await rig.fillPart(one.clientOrderId, 4, 90)
        await rig.broker.cancel(other.clientOrderId)
        await rig.fillPart(one.clientOrderId, 6, 90)
        await reportsArrive()
      })
      await books.untilFilled(one.clientOrderId, 10)
      await books.until(other.clientOrderId, 'cancelled')
      await expect.poll(() => books.lostAnswers).toBeLessThan(0)
      expect(books.fills(one.clientOrderId)).toHaveLength(2)
      expect(books.events.length).toBeGreaterThan(2 + 3)
      expect(await held()).toEqual([`${rig.symbol} 10`])
    })

    it('tells one end of an order whose cancellation crosses its fill, and what is held agrees', async () => {
      const entry = order()
      const reports = books.busy(async () => {
        await Promise.all([rig.broker.submit(entry), rig.broker.cancel(entry.clientOrderId)])
        await rig.broker.cancel(entry.clientOrderId)
        await reportsArrive()
      })
      await reports
      await expect
        .poll(async () => (await rig.broker.query(entry.clientOrderId)).status)
        .toMatch(/^(filled|cancelled)$/)
      await reportsArrive()
      const filled = sum(books.fills(entry.clientOrderId))
      const ends = books.of(entry.clientOrderId).filter((event) => event.type === 'cancelled')
      expect([filled.toFixed(), ends.length]).toEqual(filled.isZero() ? ['0', 1] : ['10', 0])
      expect(await held()).toEqual(filled.isZero() ? [] : [`${rig.symbol} 10`])
    })

    it('has the fills right where everything is told twice and in no order', async (ctx) => {
      if (!rig.tellWrongly) return ctx.skip(`${name} tells in order, and once`)
      const [one, other] = [await resting(), await resting({ limitPrice: d(80) })]
      rig.tellWrongly()
      for (const part of [2, 3, 4, 1]) await rig.fillPart(one.clientOrderId, part, 90)
      await rig.broker.cancel(other.clientOrderId)
      await books.untilFilled(one.clientOrderId, 10)
      await books.until(other.clientOrderId, 'cancelled')
      expect(books.fills(one.clientOrderId)).toHaveLength(4)
      expect(await held()).toEqual([`${rig.symbol} 10`])
    })

    it('loses nothing that happens while nobody listens', async () => {
      const rests = await resting()
      const other = await resting({ limitPrice: d(50) })
      await rig.loseReports()
      await rig.fillPart(rests.clientOrderId, 4, 90)
      await rig.fillPart(rests.clientOrderId, 6, 90)
      await rig.regainReports()
      await books.untilFilled(rests.clientOrderId, 10, 20_000)
      expect(books.fills(rests.clientOrderId)).toHaveLength(2)
      expect(await openIds()).toEqual([other.clientOrderId])
    })

    it('reports a fill that comes after the cancellation', async (ctx) => {
      if (!rig.fillLate) return ctx.skip(`${name} never fills what it has cancelled`)
      const rests = await resting()
      await rig.broker.cancel(rests.clientOrderId)
      await books.until(rests.clientOrderId, 'cancelled')
      await rig.fillLate(rests.clientOrderId, 10, 90)
      await books.untilFilled(rests.clientOrderId, 10)
      expect(await held()).toEqual([`${rig.symbol} 10`])
    })

    it('tells what the account holds, unless the books are all that there is', async () => {
      await bought()
      const account = await rig.broker.account(rig.mode)
      if (account === null) return
      expect(account.equity.gt(0)).toBe(true)
      const position = ensureDefined((await rig.broker.listPositions(rig.mode))[0], 'the position')
      expect(account.equity.minus(account.cash).toFixed()).toBe(position.quantity.times(100).toFixed())
    })

    it('has nothing of the other account', async () => {
      await resting()
      const other: TradingMode = rig.mode === 'PAPER' ? 'LIVE' : 'PAPER'
      expect(await rig.broker.listOpenOrders(other)).toEqual([])
      expect(await rig.broker.listPositions(other)).toEqual([])
      expect(await rig.broker.listFills(other, new Date(0))).toEqual([])
      expect(await rig.broker.account(other)).toBeNull()
    })
  })
}
