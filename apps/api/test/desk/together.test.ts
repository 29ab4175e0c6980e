import { describeEngines, faultyDatabase } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOrder, type OrderRequest } from '../../src/features/orders/operations.ts'
import { submitOrder } from '../../src/desk/submit.ts'
import { draftOf, price, setLimits } from './acts.ts'
import { bookIn, rows } from './facts.ts'
import { ADMIN, type DeskHouse, type DeskProcess, openDesk, openDeskHouse, strategy } from './house.ts'

const MANY = 12

/** Limit orders that rest below the market, each at a price of its own. */
const request = (index: number, over: Partial<OrderRequest> = {}): OrderRequest => ({
  ...{ strategyId: 'ana_v1', symbol: 'ACME', side: 'BUY', quantity: new Decimal(1), orderType: 'LIMIT' },
  ...{ limitPrice: new Decimal(99).minus(index / 100), stopPrice: null, timeInForce: 'GTC' },
  ...{ stopLoss: null, takeProfit: null, reduceOnly: false, allowDuplicate: false },
  ...over,
})

describeEngines('submissions that wait for the same books', (engine) => {
  let house: DeskHouse
  beforeAll(async () => {
    house = await openDeskHouse(engine)
  })
  afterAll(() => house?.close())
  beforeEach(async () => {
    await house.reset(strategy())
    await setLimits(house, { maxTradesPerDay: 1000, messagesPerSecond: 1000 })
    await price(house, 'ACME', 100)
  })

  const version = async (): Promise<number> =>
    (await rows<{ version: number }>(house.db, `select version from accounts where mode = 'PAPER'`))[0]
      ?.version ?? 0
  const stored = async (): Promise<string[]> =>
    (
      await rows<{ price: string }>(house.db, 'select limit_price::text as price from orders order by seq')
    ).map((row) => row.price)
  const audited = async (): Promise<number> =>
    (
      await rows<{ n: number }>(
        house.db,
        `select count(*)::int as n from audit_log where action = 'order.submit'`,
      )
    )[0]?.n ?? 0

  it('share transactions, and each is stored, audited and sent once', async () => {
    house.broker.mode = 'hold'
    const [before, auditedBefore] = [await version(), await audited()]
    const orders = await Promise.all(
      Array.from({ length: MANY }, (_, index) => createOrder(house.deps, ADMIN, request(index))),
    )
    expect(await version()).toBeLessThan(before + MANY / 2)
    expect(await stored()).toHaveLength(MANY)
    expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(MANY)
    expect((await audited()) - auditedBefore).toBe(MANY)
    expect(house.broker.sent.map(({ clientOrderId }) => clientOrderId).toSorted()).toEqual(
      orders.map(({ clientOrderId }) => clientOrderId).toSorted(),
    )
  })

  it('count each other: of two with one client_order_id the second is refused, and of too many the last', async () => {
    await setLimits(house, { maxTradesPerDay: 1000, messagesPerSecond: 1000, maxActiveOrders: 5 })
    const results = await Promise.allSettled([
      ...[0, 1].map((index) => createOrder(house.deps, ADMIN, request(index, { clientOrderId: 'same' }))),
      ...[2, 3, 4, 5, 6].map((index) => createOrder(house.deps, ADMIN, request(index))),
    ])
    const codes = results.map((result) =>
      result.status === 'fulfilled' ? 'ok' : (result.reason as { code: string }).code,
    )
    // Over several connections they arrive in any order.
    expect(codes.toSorted()).toEqual(['CONFLICT', 'RISK_REJECTED', 'ok', 'ok', 'ok', 'ok', 'ok'])
    expect(await stored()).toHaveLength(6)
  })

  describe('of which one fails', () => {
    const submit = (process: DeskProcess, index: number) =>
      process.desk.runTogether('PAPER', (ctx) => {
        const limitPrice = new Decimal(99).minus(index / 100)
        const draft = draftOf('BUY', 1, { orderType: 'LIMIT', timeInForce: 'GTC', limitPrice })
        submitOrder(ctx, bookIn(ctx.books), draft)
        if (index === 3) throw new Error('the fourth fails after it changed the books')
        return index
      })

    it('are stored without it, once each', async () => {
      const results = await Promise.allSettled(Array.from({ length: 6 }, (_, index) => submit(house, index)))
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
        true,
        true,
        true,
        false,
        true,
        true,
      ])
      expect((await stored()).toSorted()).toEqual(['98.95', '98.96', '98.98', '98.99', '99'])
      expect(await house.desk.read('PAPER', (books) => bookIn(books).working.size)).toBe(5)
    })

    it('are not done again when the answer to the commit is lost', { timeout: 120_000 }, async () => {
      const faulty = faultyDatabase(house.db)
      const process = openDesk(faulty.db, house.clock)
      process.broker.mode = 'hold'
      for (let statement = 1; statement < 100; statement += 1) {
        await house.db.executeSql('truncate orders cascade; update accounts set version = version + 1')
        await process.desk.read('PAPER', () => {})
        faulty.fault.arm(statement, 'after')
        const results = await Promise.allSettled([0, 1].map((index) => submit(process, index)))
        const isOver = faulty.fault.disarm()
        const done = results.filter(({ status }) => status === 'fulfilled').length
        const prices = await stored()
        expect(new Set(prices).size, `statement ${statement}: ${prices.join(' ')}`).toBe(prices.length)
        // Acknowledged or not, none is there twice; what was acknowledged is there.
        expect(prices.length).toBeGreaterThanOrEqual(done)
        if (isOver) return
      }
      expect.fail('the fault always came')
    })
  })
})
