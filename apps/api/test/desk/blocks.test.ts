import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { foldStrategy } from '../../src/desk/risk-fold.ts'
import { cancelOrder, createOrder, type OrderRequest } from '../../src/features/orders/operations.ts'
import { riskStatus } from '../../src/features/risk/operations.ts'
import { draftOf, later, order, post, price, switchTo } from './acts.ts'
import { alertCodes, book, bookIn, orderLines, rows } from './facts.ts'
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

const codes = (result: { signal: { outcomeReasons: readonly { code: string }[] } }) =>
  result.signal.outcomeReasons.map(({ code }) => code)
const stop = (value: number) => ({ stopLoss: new Decimal(value) })

/** A person takes the stop of the position away. */
async function withoutStop(): Promise<void> {
  const [stop] = await rows<{ id: string }>(
    house.db,
    `select order_id as id from orders where order_type = 'STOP'`,
  )
  await cancelOrder(house.deps, ADMIN, stop?.id ?? '')
}

/** An entry of 10 units and its exit at a price: a small trade. */
async function trade(exitAt: number): Promise<void> {
  await order(house, draftOf('BUY', 10, { allowDuplicate: true }))
  await later(house, 1, 'ACME', exitAt)
  await order(house, draftOf('SELL', 10, { isEntry: false, allowDuplicate: true }))
  await later(house, 1, 'ACME', 100)
}

describe('blocks stop entries and never exits', () => {
  it('daily loss of 5 %: blocked until the next day, whose first price need not have come', async () => {
    await post(house, 'LONG', stop(98))
    await withoutStop()
    // 150 units: a fall of 10.1 is 1,515 + costs of 30,000.
    await later(house, 1, 'ACME', '89.90')
    expect(await alertCodes(house.db)).toEqual(['DAILY_LOSS_LIMIT'])
    expect((await post(house, 'CLOSE')).signal.outcome).toBe('ORDERS')
    expect(codes(await post(house, 'LONG', stop(88)))).toContain('DAILY_LOSS_LIMIT')
    house.clock.advanceTo(new Date('2026-01-08T05:00:01Z'))
    await house.desk.run('PAPER', ({ books, at }) => {
      books.marks.set('ACME', { price: new Decimal('89.90'), at })
    })
    expect(codes(await post(house, 'LONG', stop(88)))).toEqual([])
  })

  it('drawdown of 15 %: latched over the day, entries refused, exits pass', async () => {
    await post(house, 'LONG', stop(98))
    await withoutStop()
    await later(house, 1, 'ACME', 69)
    expect(await alertCodes(house.db)).toEqual(['KILL_SWITCH_DRAWDOWN', 'DAILY_LOSS_LIMIT'])
    expect(await riskStatus(house.deps, ADMIN, 'ana_v1')).toMatchObject({ killSwitchActive: true })
    // The account lost 4.7 %: its own latch stays open.
    expect(await riskStatus(house.deps, ADMIN)).toMatchObject({ killSwitchActive: false })
    expect((await post(house, 'CLOSE')).signal.outcome).toBe('ORDERS')
    house.clock.advanceTo(new Date('2026-01-09T15:00:00Z'))
    await price(house, 'ACME', 100)
    const refused = await post(house, 'LONG', stop(98))
    expect([refused.signal.outcome, ...codes(refused)]).toEqual(['REFUSED', 'TRADING_STATE_REDUCING'])
  })

  it('20 entries a day: the 21st is refused, the exit of the 20th is not', async () => {
    for (let count = 0; count < 20; count += 1) await trade(101)
    const refused = await post(house, 'LONG', stop(98))
    expect(codes(refused)).toEqual(['MAX_TRADES_PER_DAY', 'MAX_TRADES_PER_DAY'])
    expect(refused.signal.outcomeReasons.map(({ scope }) => scope)).toEqual([
      'strategy:ana_v1:PAPER',
      'account:PAPER',
    ])
    expect(await riskStatus(house.deps, ADMIN)).toMatchObject({ tradesToday: 20, dailyBlocked: true })
    expect(await alertCodes(house.db)).toEqual([
      ...['TRADES_NEAR_LIMIT', 'TRADES_NEAR_LIMIT'],
      ...['MAX_TRADES_PER_DAY', 'MAX_TRADES_PER_DAY'],
    ])
  })

  it('three losses in a row cool down for 30 minutes from the last of them', async () => {
    for (let count = 0; count < 3; count += 1) await trade(99)
    const refused = await post(house, 'LONG', stop(98))
    expect(codes(refused)).toContain('COOLDOWN_ACTIVE')
    const status = await riskStatus(house.deps, ADMIN)
    // The last loss was closed a minute ago.
    expect(status.cooldownUntil?.getTime()).toBe(house.clock.nowMs() + 29 * 60_000)
    expect(status.consecutiveLosses).toBe(3)
    await later(house, 29, 'ACME', 100)
    expect(codes(await post(house, 'LONG', stop(98)))).toEqual([])
  })

  it('an unhealthy model opens nothing and still closes', async () => {
    await post(house, 'LONG', stop(98))
    await house.desk.read('PAPER', (books) => books.modelHealth.set('ana_v1', 'critical'))
    const reversal = await post(house, 'SHORT', stop(102))
    expect(codes(reversal)).toEqual(['MODEL_UNHEALTHY'])
    expect(reversal.signal.outcome).toBe('ORDERS')
    expect((await book(house)).open.size).toBe(0)
  })
})

describe('kill switches', () => {
  it('HALTED in any scope lets no order leave, not even a stop, and stores its refusal once', async () => {
    await post(house, 'LONG', stop(98))
    const sent = house.broker.sent.length
    for (const scope of ['global', 'strategy:ana_v1', 'symbol:ACME'] as const) {
      await switchTo(house, scope, 'HALTED')
      expect(codes(await post(house, 'CLOSE'))).toEqual(['TRADING_HALTED'])
      await switchTo(house, scope, 'ACTIVE')
      await later(house, 1, 'ACME', 100)
    }
    await switchTo(house, 'global', 'HALTED')
    for (const value of [97, 96, 95]) await later(house, 1, 'ACME', value)
    expect(house.broker.sent).toHaveLength(sent)
    expect(await rows(house.db, `select 1 from orders where origin = 'stop_loss'`)).toHaveLength(1)
    await switchTo(house, 'global', 'ACTIVE')
    await later(house, 1, 'ACME', 95)
    expect((await book(house)).open.size).toBe(0)
  })

  it('REDUCING lets exits pass', async () => {
    await post(house, 'LONG', stop(98))
    await switchTo(house, 'strategy:ana_v1', 'REDUCING')
    expect(codes(await post(house, 'SHORT', stop(102)))).toEqual(['TRADING_STATE_REDUCING'])
    expect((await book(house)).open.size).toBe(0)
  })

  it('that came before an order could be sent keeps it from being sent after a restart', async () => {
    house.broker.mode = 'fail'
    await post(house, 'LONG', stop(98))
    await switchTo(house, 'global', 'HALTED')
    const restarted = house.another()
    expect(await restarted.desk.resolveUnsettled()).toBe(1)
    expect(restarted.broker.sent).toEqual([])
    expect(await orderLines(house.db)).toEqual(['REJECTED BUY 0'])
  })
})

describe('repeated price collar breaches', () => {
  it('put the strategy into REDUCING after the fourth in a minute', async () => {
    const far = draftOf('BUY', 10, {
      orderType: 'LIMIT',
      limitPrice: new Decimal(110),
      stopLoss: new Decimal(109),
    })
    for (let count = 0; count < 4; count += 1) {
      const { verdict } = await order(house, far)
      expect(verdict.violations.map(({ code }) => code)).toEqual(['PRICE_COLLAR'])
    }
    expect((await book(house)).risk.collarTrippedAt).toBe(house.clock.nowMs())
    expect(await alertCodes(house.db)).toEqual(['PRICE_COLLAR_TRIPPED'])
    expect(codes(await post(house, 'LONG', stop(98)))).toEqual(['TRADING_STATE_REDUCING'])
  })
})

describe('orders by hand', () => {
  const request = (over: Partial<OrderRequest> = {}): OrderRequest => ({
    strategyId: 'ana_v1',
    symbol: 'ACME',
    side: 'BUY',
    quantity: new Decimal(10),
    orderType: 'MARKET',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'DAY',
    stopLoss: null,
    takeProfit: null,
    reduceOnly: false,
    allowDuplicate: false,
    ...over,
  })

  it('twice within ten seconds are a duplicate, unless the first was refused', async () => {
    const tooLarge = request({ quantity: new Decimal(1000) })
    for (let count = 0; count < 2; count += 1)
      await expect(createOrder(house.deps, ADMIN, tooLarge)).rejects.not.toMatchObject({
        details: expect.arrayContaining([expect.objectContaining({ code: 'DUPLICATE_ORDER' })]),
      })
    await createOrder(house.deps, ADMIN, request())
    await expect(createOrder(house.deps, ADMIN, request())).rejects.toMatchObject({
      code: 'RISK_REJECTED',
      details: [{ code: 'DUPLICATE_ORDER' }],
    })
    const trailing = request({ side: 'SELL', orderType: 'STOP', stopPrice: new Decimal(95) })
    await createOrder(house.deps, ADMIN, trailing)
    await expect(createOrder(house.deps, ADMIN, trailing)).rejects.toMatchObject({ code: 'RISK_REJECTED' })
  })

  it('with one client_order_id at once: one is taken, the other is a conflict', async () => {
    const twins = Array.from({ length: 8 }, (_, index) =>
      createOrder(house.deps, ADMIN, request({ clientOrderId: 'mine', quantity: new Decimal(index + 1) })),
    )
    const results = await Promise.allSettled(twins)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CONFLICT' })
  })

  it('keep the message rate over a reload of the books', async () => {
    for (let count = 1; count <= 10; count += 1)
      await createOrder(house.deps, ADMIN, request({ quantity: new Decimal(count) }))
    house.desk.invalidate()
    await expect(
      createOrder(house.deps, ADMIN, request({ quantity: new Decimal(11) })),
    ).rejects.toMatchObject({
      details: [{ code: 'MESSAGE_RATE' }],
    })
  })
})

describe('the execution throttle', () => {
  it('counts automated executions, not those of a person', async () => {
    await house.desk.run('PAPER', (ctx) => {
      const one = bookIn(ctx.books)
      one.limits = { ...one.limits, executionThrottle: 2 }
      foldStrategy(ctx, one, { type: 'executed', at: ctx.at.getTime() })
    })
    await order(house, draftOf('BUY', 10))
    expect((await book(house)).risk.executions).toBe(1)
    await order(house, draftOf('BUY', 11, { origin: 'signal' }))
    expect((await book(house)).risk.executions).toBe(2)
    const { verdict } = await order(house, draftOf('BUY', 12, { origin: 'signal' }))
    expect(verdict.violations.map(({ code }) => code)).toEqual([
      'TRADING_STATE_REDUCING',
      'EXECUTION_THROTTLE',
    ])
  })
})
