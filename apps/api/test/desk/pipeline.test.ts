import { findPosition, listSignals } from '@quantdeck/db'
import { Decimal, ensureDefined, type Position } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { strategyEquity } from '../../src/desk/valuation.ts'
import { draftOf, later, order, post, price } from './acts.ts'
import { alertCodes, book, bookIn, orderLines, protectiveLines, rows, snapshot } from './facts.ts'
import { type DeskHouse, openDeskHouse, strategy } from './house.ts'

let house: DeskHouse
beforeAll(async () => {
  house = await openDeskHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.reset(strategy())
  await price(house, 'ACME', 100)
})

const STOP = { stopLoss: new Decimal(98) }

async function position(): Promise<Position> {
  const [open] = (await book(house)).open.values()
  return ensureDefined(open, 'an open position')
}

async function equity(): Promise<string> {
  return house.desk.read('PAPER', (books, at) => strategyEquity(books, bookIn(books), at).equity.toFixed())
}

const codes = (result: { signal: { outcomeReasons: readonly { code: string }[] } }) =>
  result.signal.outcomeReasons.map(({ code }) => code)

describe('a signal', () => {
  it('becomes an order, a fill, a position and equity, to the last digit', async () => {
    const { signal } = await post(house, 'LONG', STOP)
    expect(signal).toMatchObject({ outcome: 'ORDERS', side: 'buy', outcomeReasons: [] })
    // 0.5 x 30,000 / 100; a stop 2 away risks 300 USD.
    expect(signal.riskUsd.toFixed()).toBe('300')
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150'])
    const open = await position()
    // Half a basis point against the order, up to the next tick.
    expect(open.entryPrice.toFixed()).toBe('100.01')
    expect(open.costBasis.toFixed()).toBe('15001.5')
    expect(open.feesUsd.toFixed()).toBe('0.750075')
    expect(open.stopLoss?.toFixed()).toBe('98')
    expect(await equity()).toBe('29997.749925')

    await later(house, 5, 'ACME', 104)
    expect(await equity()).toBe('30597.749925')
    await post(house, 'CLOSE')
    const closed = ensureDefined(await findPosition(house.db.kysely, open.positionId), 'the trade')
    expect(closed.exitPrice?.toFixed()).toBe('103.99')
    expect(closed.realizedUsd.toFixed()).toBe('597')
    expect(closed.feesUsd.toFixed()).toBe('1.53')
    expect(closed.closedAt).toEqual(house.clock.now())
    expect(await equity()).toBe('30595.47')
    const stored = await rows<{ total: string }>(
      house.db,
      'select sum(realized_usd - fees_usd)::text as total from positions',
    )
    expect(stored[0]?.total).toBe('595.47')
  })

  it('of a short gains when the price falls', async () => {
    await post(house, 'SHORT', { stopLoss: new Decimal(102) })
    expect((await position()).quantity.toFixed()).toBe('-150')
    await later(house, 5, 'ACME', 96)
    // Sold at 99.99, marked at 96: 3.99 x 150, less the fee of 0.749925.
    expect(await equity()).toBe('30597.750075')
  })

  it('in a foreign quote currency is converted once, at the rate of its own fill', async () => {
    await price(house, 'USD/COP', 4000)
    await post(house, 'LONG', { symbol: 'USD/COP', stopLoss: new Decimal(3980) })
    const open = await position()
    expect([open.quantity.toFixed(), open.entryPrice.toFixed()]).toEqual(['15000', '4000.2'])
    await later(house, 5, 'USD/COP', 4100)
    await post(house, 'CLOSE', { symbol: 'USD/COP' })
    const closed = ensureDefined(await findPosition(house.db.kysely, open.positionId), 'the trade')
    expect(closed.exitPrice?.toFixed()).toBe('4099.79')
    expect(closed.realizedQuote.toFixed()).toBe('1493850')
    expect(closed.realizedUsd.toFixed()).toBe(new Decimal(1_493_850).div('4099.79').toFixed(8))
  })

  it('LONG while long, SHORT while short, HOLD and CLOSE without a position send nothing and say why', async () => {
    expect(codes(await post(house, 'CLOSE'))).toEqual(['NO_POSITION'])
    expect(codes(await post(house, 'HOLD'))).toEqual(['HOLD'])
    await post(house, 'LONG', STOP)
    const again = await post(house, 'LONG', STOP)
    expect(again.signal).toMatchObject({ outcome: 'NO_ACTION', orderIds: [] })
    expect(codes(again)).toEqual(['ALREADY_LONG'])
    expect(await orderLines(house.db)).toHaveLength(1)
  })

  it('to the other side closes, then opens: one trade ends and another begins', async () => {
    await post(house, 'LONG', STOP)
    await later(house, 5, 'ACME', 100)
    const { signal } = await post(house, 'SHORT', { stopLoss: new Decimal(102) })
    expect(signal.orderIds).toHaveLength(2)
    // Both legs sell 150 at the market within a millisecond, and neither is a duplicate of the other.
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150', 'FILLED SELL 150', 'FILLED SELL 150'])
    expect((await position()).quantity.toFixed()).toBe('-150')
    expect(await rows(house.db, 'select 1 from positions where closed_at is not null')).toHaveLength(1)
  })

  it('of a full-size reversal is judged without the position that its first leg closes', async () => {
    await house.reset(strategy({ allocatedCapital: new Decimal(20_000) }))
    await price(house, 'ACME', 100)
    await post(house, 'LONG', { size: 1, stopLoss: new Decimal(99) })
    await later(house, 5, 'ACME', 100)
    const { signal } = await post(house, 'SHORT', { size: 1, stopLoss: new Decimal(101) })
    expect(codes({ signal })).toEqual([])
    expect((await position()).quantity.toFixed()).toBe('-200')
  })

  it('of an inactive strategy opens nothing and still closes', async () => {
    await post(house, 'LONG', STOP)
    await house.db.executeSql(
      `update strategies set status = 'inactive'; update accounts set version = version + 1`,
    )
    const reversal = await post(house, 'SHORT', { stopLoss: new Decimal(102) })
    expect(reversal.signal.orderIds).toHaveLength(1)
    expect(codes(reversal)).toEqual(['STRATEGY_INACTIVE'])
    expect((await book(house)).open.size).toBe(0)
    const entry = await post(house, 'LONG', STOP)
    expect([entry.signal.outcome, ...codes(entry)]).toEqual(['NO_ACTION', 'STRATEGY_INACTIVE'])
  })

  it('of a strategy in BACKTEST is recorded and streamed, and sends no order', async () => {
    await house.reset(strategy({ mode: 'BACKTEST' }))
    const { signal } = await post(house, 'LONG', { clientSignalId: 'b-1' })
    expect([signal.outcome, ...codes({ signal })]).toEqual(['RECORDED', 'BACKTEST_MODE'])
    expect((await post(house, 'LONG', { clientSignalId: 'b-1' })).duplicate).toBe(true)
    expect(await orderLines(house.db)).toEqual([])
    expect(await rows(house.db, `select 1 from outbox where topic = 'signals'`)).toHaveLength(1)
  })

  it('that risk refuses lists every violation with limit and value', async () => {
    // Without a stop 10 % of 15,000 is at risk; the limit is 2 % of 30,000.
    const { signal } = await post(house, 'LONG')
    expect(signal.outcome).toBe('REFUSED')
    expect(signal.outcomeReasons).toMatchObject([
      { code: 'MAX_RISK_PER_TRADE', limit: '600', observed: '1500', unit: 'USD' },
    ])
    expect(await orderLines(house.db)).toEqual(['REJECTED BUY 0'])
    expect(house.broker.sent).toEqual([])
  })

  it('of an unknown symbol, or of one without a price, is refused without an invented order', async () => {
    expect(codes(await post(house, 'LONG', { symbol: 'NONE' }))).toEqual(['INSTRUMENT_NOT_FOUND'])
    expect(codes(await post(house, 'LONG', { symbol: 'SPX' }))).toEqual(['PRICE_UNKNOWN'])
    expect(await orderLines(house.db)).toEqual([])
  })

  it('below one lot says so', async () => {
    expect(codes(await post(house, 'LONG', { ...STOP, size: 0.001 }))).toEqual(['QUANTITY_BELOW_LOT'])
  })

  it('posted twice with one client id acts once, also twenty times at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, () => post(house, 'LONG', { ...STOP, clientSignalId: 'c-1' })),
    )
    expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    expect(new Set(results.map(({ signal }) => signal.signalId)).size).toBe(1)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150'])
    const found = await listSignals(house.db.kysely, { visible: 'all', signal: 'LONG' }, page)
    expect(found.totalCount).toBe(1)
    expect((await listSignals(house.db.kysely, { visible: 'all', signal: 'SHORT' }, page)).totalCount).toBe(0)
  })

  const page = { limit: 10, offset: 0 }
})

describe('orders on their way', () => {
  it('a second LONG while the first is not filled sends nothing', async () => {
    house.broker.mode = 'hold'
    await post(house, 'LONG', STOP)
    const again = await post(house, 'LONG', STOP)
    expect([again.signal.outcome, ...codes(again)]).toEqual(['NO_ACTION', 'ENTRY_ON_ITS_WAY'])
  })

  it('a CLOSE before the entry is filled cancels the entry', async () => {
    house.broker.mode = 'hold'
    await post(house, 'LONG', STOP)
    const close = await post(house, 'CLOSE')
    expect(codes(close)).toEqual(['NO_POSITION', 'REPLACED_EARLIER_ORDER'])
    expect(house.broker.cancels).toHaveLength(1)
  })

  it('a second CLOSE while the first is not filled sends nothing', async () => {
    await post(house, 'LONG', STOP)
    house.broker.mode = 'hold'
    await post(house, 'CLOSE')
    expect(codes(await post(house, 'CLOSE'))).toEqual(['CLOSE_ON_ITS_WAY'])
  })
})

describe('protective exits', () => {
  it('a touched stop closes at the market, is counted as a stop exit, and ends the trade', async () => {
    await post(house, 'LONG', STOP)
    await later(house, 5, 'ACME', '97.90')
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150', 'FILLED SELL 150'])
    const [exit] = await rows<{ origin: string; average: string }>(
      house.db,
      `select origin, average_fill_price::text as average from orders where side = 'SELL'`,
    )
    expect(exit).toEqual({ origin: 'stop_loss', average: '97.89' })
    expect((await book(house)).risk.consecutiveLosses).toBe(1)
    // Losses count for the account as well.
    expect((await snapshot(house)).account.consecutiveLosses).toBe(1)
  })

  it('a touched target closes with its profit', async () => {
    await post(house, 'LONG', { ...STOP, takeProfit: new Decimal(105) })
    await later(house, 5, 'ACME', '105.20')
    const [trade] = await rows<{ exit: string }>(house.db, 'select exit_price::text as exit from positions')
    expect(trade?.exit).toBe('105.2')
  })

  it('are watched here when the broker took no stop, and sent once, however often the price is touched', async () => {
    house.broker.refusePairs = true
    await post(house, 'LONG', STOP)
    expect(await protectiveLines(house.db)).toEqual(['REJECTED STOP 0/150'])
    expect(await alertCodes(house.db)).toEqual(['POSITION_UNPROTECTED'])
    house.broker.mode = 'hold'
    for (const value of [97, 96, 95]) await later(house, 1, 'ACME', value)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150', 'PENDING SELL 0'])
  })

  it('cancels a resting exit first and is not kept away by it', async () => {
    await post(house, 'LONG', STOP)
    const resting = draftOf('SELL', 150, {
      orderType: 'LIMIT',
      limitPrice: new Decimal(105),
      timeInForce: 'GTC',
      isEntry: false,
      reduceOnly: true,
    })
    expect((await order(house, resting)).verdict.violations).toEqual([])
    await later(house, 1, 'ACME', 97)
    await later(house, 1, 'ACME', 97)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 150', 'CANCELLED SELL 0', 'FILLED SELL 150'])
  })
})
