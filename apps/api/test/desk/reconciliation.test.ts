import { Decimal, ensureDefined } from '@quantdeck/domain'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DeskWatch } from '../../src/desk/desk-watch.ts'
import { Reconciliation } from '../../src/desk/reconciliation.ts'
import { draftOf, later, order, post, price } from './acts.ts'
import { alertCodes, book, orderLines, rows } from './facts.ts'
import { type DeskHouse, openDeskHouse, strategy } from './house.ts'

const log = pino({ level: 'silent' })

let house: DeskHouse
let reconciliation: Reconciliation
beforeAll(async () => {
  house = await openDeskHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.reset(strategy(), strategy({ strategyId: 'other_v1', universe: ['SPX'] }))
  await price(house, 'ACME', 100)
  reconciliation = new Reconciliation({ ...house, log })
})

const isTripped = async (strategyId = 'ana_v1') =>
  (await book(house, strategyId)).risk.reconciliationTrippedAt !== null

const LONG = { stopLoss: new Decimal(98), takeProfit: new Decimal(105) }

describe('the books beside the broker', () => {
  it('agree after orders, parts and exits: nothing is written', async () => {
    await post(house, 'LONG', LONG)
    await later(house, 1, 'ACME', 97)
    await post(house, 'SHORT', { stopLoss: new Decimal(99) })
    expect((await reconciliation.pass()).differences).toEqual([])
    expect(await isTripped()).toBe(false)
  })

  it('a position that differs stops the entries of whoever trades the symbol, until two passes are clean', async () => {
    await post(house, 'LONG', LONG)
    house.broker.exchange.restorePosition('PAPER', 'ACME', new Decimal(5))
    const [difference] = (await reconciliation.pass()).differences
    expect(difference).toEqual({ symbol: 'ACME', what: 'ACME: 150 in the books, 155 at the broker' })
    expect([await isTripped(), await isTripped('other_v1')]).toEqual([true, false])
    expect(await alertCodes(house.db)).toEqual(['RECONCILIATION_DIFFERENCE', 'BROKER_DIFFERENCE'])
    const entry = await order(house, draftOf('BUY', 5))
    expect(entry.verdict.violations[0]?.code).toBe('TRADING_STATE_REDUCING')
    // It is told once, however long it lasts, and nothing was corrected.
    await reconciliation.pass()
    expect(await alertCodes(house.db)).toHaveLength(2)
    expect((await book(house)).open.get('ACME')?.quantity.toFixed()).toBe('150')

    house.broker.exchange.restorePosition('PAPER', 'ACME', new Decimal(-5))
    await reconciliation.pass()
    expect(await isTripped()).toBe(true)
    await reconciliation.pass()
    expect(await isTripped()).toBe(false)
  })

  it('an order that works at the broker and is unknown here is a difference; so is one that it has lost', async () => {
    await order(house, draftOf('BUY', 5, { orderType: 'LIMIT', limitPrice: new Decimal(99) }))
    const [own] = house.broker.sent
    house.broker.exchange.forget([own?.clientOrderId ?? ''])
    house.broker.exchange.submit(
      { ...ensureDefined(own, 'the order'), clientOrderId: 'by-hand' },
      house.clock.now(),
    )
    const found = (await reconciliation.pass()).differences
    expect(found.map(({ what }) => what)).toEqual([
      `order ${own?.clientOrderId} works in the books and not at the broker`,
      'order by-hand works at the broker and not in the books',
    ])
    expect(await isTripped()).toBe(true)
    expect(await orderLines(house.db)).toEqual(['SUBMITTED BUY 0'])
  })

  it('reports that were lost are booked by asking, and are no difference', async () => {
    await order(house, draftOf('BUY', 5, { orderType: 'LIMIT', limitPrice: new Decimal(99) }))
    // Filled while nobody listened.
    house.broker.exchange.onQuote({ symbol: 'ACME', price: new Decimal(98), at: house.clock.now() })
    expect(await reconciliation.pass()).toEqual({ differences: [], recovered: true })
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 5'])
    expect(await alertCodes(house.db)).toEqual([])
  })

  it('an answer that is on its way is no difference', async () => {
    house.broker.mode = 'lose'
    await order(house, draftOf('BUY', 5, { orderType: 'LIMIT', limitPrice: new Decimal(99) }))
    expect((await reconciliation.pass()).differences).toEqual([])
  })

  it('are compared at once after a start and then every 60 seconds of the clock', async () => {
    const { desk, db, clock } = house
    const watch = new DeskWatch({ desk, db, log, clock, reconciliation })
    house.broker.exchange.restorePosition('PAPER', 'ACME', new Decimal(5))
    await watch.checkBroker()
    expect(await isTripped()).toBe(true)
    house.broker.exchange.restorePosition('PAPER', 'ACME', new Decimal(-5))
    for (const seconds of [59, 1, 59]) {
      clock.advanceBy(seconds * 1000)
      await watch.checkBroker()
    }
    expect(await isTripped()).toBe(true)
    clock.advanceBy(1000)
    await watch.checkBroker()
    expect(await isTripped()).toBe(false)
    expect(await rows(house.db, `select 1 from risk_events where type = 'reconciled'`)).toHaveLength(3)
  })
})
