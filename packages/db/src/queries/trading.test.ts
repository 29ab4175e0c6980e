import { randomUUID } from 'node:crypto'
import { Decimal, type Order } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTestDatabase,
  describeEngines,
  SAMPLE_AT,
  sampleFill,
  sampleOrder,
  samplePosition,
  sampleSignal,
  sampleStrategy,
  type TestDatabase,
} from '../testing/index.ts'
import { transaction } from '../transaction.ts'
import { bumpAccountVersion, bumpAllAccountVersions, ensureAccount, listAccounts } from './accounts.ts'
import { lockDesk } from './desk.ts'
import {
  accountScope,
  findFirstEquityPoint,
  findLastEquityPoint,
  insertEquityPoints,
  listEquityPoints,
  listLastEquityPointPer,
} from './equity-points.ts'
import { insertFills, listFillsByTradeIds, listFillsOfOrder, listFillsOfRoundTrip } from './fills.ts'
import { listOrders, type OrderFilter } from './order-list.ts'
import { findOrder, insertOrders, listWorkingOrders, updateOrders } from './orders.ts'
import { countTrades, findPosition, listOpenPositions, listTrades, upsertPositions } from './positions.ts'
import { insertSignals, listLatestSignals, listSignals, listSignalsByClientId } from './signals.ts'
import { insertStrategy } from './strategies.ts'

const later = (seconds: number) => new Date(SAMPLE_AT.getTime() + seconds * 1000)
const all = { visible: 'all' } as const
const firstPage = { limit: 20, offset: 0 }

describeEngines('trading rows', (engine) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase(engine)
    await insertStrategy(test.db.kysely, sampleStrategy())
    await insertStrategy(test.db.kysely, sampleStrategy({ strategyId: 'other' }))
  })
  afterAll(() => test?.close())

  describe('orders', () => {
    it('come back exactly as they were written', async () => {
      const order = sampleOrder({
        quantity: new Decimal('0.123456789012345678'),
        filledQuantity: new Decimal('0.123456789012345678'),
        violations: [
          {
            code: 'MAX_POSITION',
            scope: 'global',
            limit: '1',
            observed: '2',
            unit: 'USD',
            message: 'too "big"',
          },
        ],
        checks: { R01: { ok: true }, list: [1, null] },
        reason: 'because',
      })
      const [seq] = await insertOrders(test.db.kysely, [order])
      const { checks, reason, ...facts } = order
      expect(await findOrder(test.db.kysely, order.orderId)).toEqual({
        order: { ...facts, seq },
        reason,
        checks,
      })
      expect(await findOrder(test.db.kysely, randomUUID())).toBeNull()
      expect(await findOrder(test.db.kysely, 'not-a-uuid')).toBeNull()
    })

    it('are found by every combination of the filters, recent first, with the count of all pages', async () => {
      const { db, close } = await createTestDatabase(engine)
      await insertStrategy(db.kysely, sampleStrategy())
      await insertStrategy(db.kysely, sampleStrategy({ strategyId: 'other' }))
      const working = { status: 'PENDING', filledQuantity: new Decimal(0), averageFillPrice: null } as const
      const orders = Array.from({ length: 48 }, (_, n) =>
        sampleOrder({
          submittedAt: later(Math.floor(n / 2)),
          strategyId: n % 2 ? 'other' : 'momentum_v1',
          mode: n % 3 ? 'PAPER' : 'LIVE',
          ...(n % 4 ? {} : working),
        }),
      )
      await insertOrders(db.kysely, orders)
      const matching = (filter: OrderFilter) =>
        orders
          .filter((order) => filter.visible === 'all' || filter.visible.includes(order.strategyId))
          .filter((order) => !filter.strategyId || order.strategyId === filter.strategyId)
          .filter((order) => !filter.mode || order.mode === filter.mode)
          .filter((order) => !filter.status || order.status === filter.status)
          .filter((order) => !filter.from || order.submittedAt >= filter.from)
          .filter((order) => !filter.to || order.submittedAt <= filter.to)
          .reverse()
          .map(({ orderId }) => orderId)
      for (const visible of ['all', ['other'], []] as const) {
        for (const strategyId of [undefined, 'momentum_v1', 'unknown']) {
          for (const mode of [undefined, 'LIVE'] as const) {
            for (const status of [undefined, 'PENDING', 'REJECTED'] as const) {
              for (const range of [{}, { from: later(3), to: later(9) }]) {
                const filter: OrderFilter = { visible, strategyId, mode, status, ...range }
                const expected = matching(filter)
                const found = await listOrders(db.kysely, filter, { limit: 5, offset: 2 })
                expect(found.totalCount).toBe(expected.length)
                expect(found.orders.map(({ orderId }) => orderId)).toEqual(expected.slice(2, 7))
              }
            }
          }
        }
      }
      expect(await listWorkingOrders(db.kysely, 'LIVE')).toHaveLength(4)
      await close()
    })

    it('are written and changed by the thousand in one statement each', async () => {
      const pending = {
        status: 'PENDING',
        filledQuantity: new Decimal(0),
        averageFillPrice: null,
        filledAt: null,
      } as const
      const orders = Array.from({ length: 5000 }, () =>
        sampleOrder({ ...pending, strategyId: 'other', mode: 'LIVE' }),
      )
      const start = performance.now()
      const seqs = await transaction(test.db, (trx) => insertOrders(trx, orders))
      const written = performance.now()
      const filled = orders.map((order, n): Order => ({
        ...order,
        seq: seqs[n] ?? 0,
        status: 'FILLED',
        filledQuantity: order.quantity,
        averageFillPrice: new Decimal('1.5'),
      }))
      await updateOrders(test.db.kysely, filled)
      console.info(
        `${engine}: 5,000 orders inserted in ${Math.round(written - start)} ms, updated in ${Math.round(performance.now() - written)} ms`,
      )
      expect(new Set(seqs).size).toBe(5000)
      const { orders: found, totalCount } = await listOrders(
        test.db.kysely,
        { ...all, strategyId: 'other', status: 'FILLED' },
        firstPage,
      )
      expect(totalCount).toBe(5000)
      expect(found[0]?.averageFillPrice?.toFixed()).toBe('1.5')
    })

    it('refuse a second order with the same client id and a filled one that is not full', async () => {
      const order = sampleOrder()
      await insertOrders(test.db.kysely, [order])
      const twin = sampleOrder({ clientOrderId: order.clientOrderId })
      await expect(insertOrders(test.db.kysely, [twin])).rejects.toThrow(/client_order_id/)
      const half = sampleOrder({ filledQuantity: new Decimal(25) })
      await expect(insertOrders(test.db.kysely, [half])).rejects.toThrow(/check constraint/)
    })
  })

  it('books a broker trade once', async () => {
    const order = sampleOrder()
    await insertOrders(test.db.kysely, [order])
    const fills = [
      sampleFill(order.orderId, { quantity: new Decimal(20) }),
      sampleFill(order.orderId, { quantity: new Decimal(30) }),
    ]
    await insertFills(test.db.kysely, fills)
    expect(await listFillsOfOrder(test.db.kysely, order.orderId)).toEqual(fills)
    const tradeIds = fills.map(({ brokerTradeId }) => brokerTradeId)
    const known = await listFillsByTradeIds(test.db.kysely, [...tradeIds, 'unknown'])
    expect(new Set(known.map(({ brokerTradeId }) => brokerTradeId))).toEqual(new Set(tradeIds))
    const again = sampleFill(order.orderId, { brokerTradeId: tradeIds[0] })
    await expect(insertFills(test.db.kysely, [again])).rejects.toThrow(/broker_trade_id/)
    const trip = {
      mode: 'PAPER',
      strategyId: 'momentum_v1',
      symbol: 'MSFT',
      openedAt: SAMPLE_AT,
      closedAt: null,
    } as const
    expect(await listFillsOfRoundTrip(test.db.kysely, trip)).toEqual(fills)
    expect(await listFillsOfRoundTrip(test.db.kysely, { ...trip, closedAt: SAMPLE_AT })).toEqual([])
  })

  it('closes a position and opens the next of the same symbol in one statement', async () => {
    const long = samplePosition()
    const opened = await upsertPositions(test.db.kysely, [long])
    const seq = opened.get(long.positionId)
    expect(await findPosition(test.db.kysely, long.positionId)).toEqual({ ...long, seq })
    const flat = new Decimal(0)
    const closed = {
      ...long,
      quantity: flat,
      costBasis: flat,
      closedQuantity: new Decimal(100),
      exitPrice: new Decimal('155.8'),
      closedAt: later(60),
    }
    const short = samplePosition({
      side: 'SELL',
      quantity: new Decimal(-10),
      costBasis: new Decimal(-1558),
      openedAt: later(60),
    })
    const inserted = await upsertPositions(test.db.kysely, [closed, short])
    expect([...inserted.keys()]).toEqual([short.positionId])
    expect(inserted.get(short.positionId)).toBe((seq ?? 0) + 1)
    expect((await listOpenPositions(test.db.kysely, all)).map(({ positionId }) => positionId)).toEqual([
      short.positionId,
    ])
    expect(await listTrades(test.db.kysely, all)).toEqual([{ ...closed, seq }])
    expect(await countTrades(test.db.kysely, { ...all, from: later(61) })).toBe(0)
    const second = samplePosition({ openedAt: later(90) })
    await expect(upsertPositions(test.db.kysely, [second])).rejects.toThrow(/positions_open/)
  })

  it('keeps one equity point per instant and finds the last of each day and hour', async () => {
    const point = (iso: string, equity: string) => ({
      scope: accountScope('PAPER'),
      at: new Date(iso),
      equity: new Decimal(equity),
      realizedPnl: new Decimal('1.5'),
      unrealizedPnl: new Decimal('-0.5'),
    })
    const points = [
      point('2026-01-01T10:00:00Z', '100'),
      point('2026-01-01T23:30:00Z', '101'),
      point('2026-01-02T03:00:00Z', '102'),
      point('2026-01-02T10:15:00Z', '103'),
    ]
    await insertEquityPoints(test.db.kysely, points)
    await insertEquityPoints(test.db.kysely, [point('2026-01-02T10:15:00Z', '104')])
    const scope = accountScope('PAPER')
    const window = { from: null, to: new Date('2026-02-01T00:00:00Z') }
    const equities = (found: { equity: Decimal }[]) => found.map(({ equity }) => equity.toFixed())
    expect(equities(await listEquityPoints(test.db.kysely, scope, window))).toEqual([
      '100',
      '101',
      '102',
      '104',
    ])
    const cut = { from: new Date('2026-01-01T23:30:00Z'), to: new Date('2026-01-02T10:15:00Z') }
    expect(equities(await listEquityPoints(test.db.kysely, scope, cut))).toEqual(['101', '102'])
    expect(equities(await listLastEquityPointPer(test.db.kysely, 'day', scope, window))).toEqual([
      '101',
      '104',
    ])
    expect(
      equities(await listLastEquityPointPer(test.db.kysely, 'day', scope, window, 'America/Bogota')),
    ).toEqual(['102', '104'])
    expect(equities(await listLastEquityPointPer(test.db.kysely, 'hour', scope, cut))).toEqual(['101', '102'])
    expect((await findLastEquityPoint(test.db.kysely, scope))?.equity.toFixed()).toBe('104')
    expect(
      (await findLastEquityPoint(test.db.kysely, scope, new Date('2026-01-02T10:15:00Z')))?.equity.toFixed(),
    ).toBe('102')
    expect((await findFirstEquityPoint(test.db.kysely, scope))?.equity.toFixed()).toBe('100')
    expect(await findFirstEquityPoint(test.db.kysely, accountScope('LIVE'))).toBeNull()
  })

  it('finds the latest signal of each strategy and refuses the same client id twice', async () => {
    const signals = [
      sampleSignal({ signalAt: later(1), clientSignalId: 'a', orderIds: [randomUUID()] }),
      sampleSignal({
        signalAt: later(2),
        outcome: 'NO_ACTION',
        outcomeReasons: [
          {
            code: 'ALREADY_LONG',
            scope: 'strategy',
            limit: null,
            observed: null,
            unit: null,
            message: 'long already',
          },
        ],
      }),
      sampleSignal({ signalAt: later(3), strategyId: 'other' }),
    ]
    const seqs = await insertSignals(test.db.kysely, signals)
    const withoutSource = ({ source: _source, ...signal }: (typeof signals)[number], n: number) => ({
      ...signal,
      seq: seqs[n],
    })
    const expected = signals.map(withoutSource)
    expect(await listLatestSignals(test.db.kysely, ['other', 'momentum_v1', 'silent'])).toEqual([
      expected[2],
      expected[1],
    ])
    const page = await listSignals(test.db.kysely, { visible: ['momentum_v1'] }, firstPage)
    expect(page).toEqual({ signals: [expected[1], expected[0]], totalCount: 2 })
    expect(await listSignalsByClientId(test.db.kysely, 'momentum_v1', ['a', 'b'])).toEqual([expected[0]])
    await expect(insertSignals(test.db.kysely, [sampleSignal({ clientSignalId: 'a' })])).rejects.toThrow(
      /client_signal_id/,
    )
  })

  it('raises the version of an account that a transaction has locked', async () => {
    const READ = { isLocking: test.db.kind === 'postgres', clientOrderIds: [] }
    const account = {
      mode: 'PAPER',
      currency: 'USD',
      initialCapital: new Decimal(100000),
      createdAt: SAMPLE_AT,
    } as const
    await ensureAccount(test.db.kysely, account)
    await ensureAccount(test.db.kysely, { ...account, initialCapital: new Decimal(5) })
    await transaction(test.db, async (trx) => {
      expect((await lockDesk(trx, 'PAPER', READ)).version).toBe(0)
      expect(await bumpAccountVersion(trx, 'PAPER')).toBe(1)
      await bumpAllAccountVersions(trx)
    })
    expect(await listAccounts(test.db.kysely)).toEqual([{ ...account, version: 2 }])
    const locked = transaction(test.db, (trx) => lockDesk(trx, 'LIVE', READ))
    await expect(locked).rejects.toThrow('no LIVE account')
  })
})
