import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  cancelOrder,
  getOrder,
  listOrders,
  orderChecks,
  previewOrder,
} from '../../src/features/orders/operations.ts'
import {
  presentChecks,
  presentOrder,
  presentOrderDetail,
  presentPreview,
} from '../../src/features/orders/present-v1.ts'
import { listTrades } from '../../src/features/trades/operations.ts'
import { presentTrade, totalPnl } from '../../src/features/trades/present-v1.ts'
import { draftOf, later, order, post, price } from '../desk/acts.ts'
import { orderLines, snapshot } from '../desk/facts.ts'
import { ADMIN, type DeskHouse, openDeskHouse, strategy } from '../desk/house.ts'

let house: DeskHouse
beforeAll(async () => {
  house = await openDeskHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.reset(strategy())
  await price(house, 'ACME', 100)
})

const d = (value: number | string) => new Decimal(value)
const page = { page: 1, perPage: 20 }
const request = {
  strategyId: 'ana_v1',
  symbol: 'ACME',
  side: 'BUY' as const,
  quantity: d(1000),
  orderType: 'MARKET' as const,
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'DAY' as const,
  stopLoss: null,
  takeProfit: null,
  reduceOnly: false,
  allowDuplicate: false,
}

describe('an order on the wire', () => {
  it('is shown with the places of its instrument, its fees and its fills', async () => {
    const { order: sent } = await order(
      house,
      draftOf('BUY', 50, { orderType: 'LIMIT', limitPrice: d('101'), stopLoss: d(98) }),
    )
    const { orders, instruments, totalCount } = await listOrders(house.deps, ADMIN, page)
    // The stop at the broker is the other: working orders of a position are orders.
    expect(totalCount).toBe(2)
    const [stop, shown] = orders.map((one) => presentOrder(one, instruments))
    expect(stop).toMatchObject({ side: 'SELL', order_type: 'STOP', stop_price: '98.00', status: 'SUBMITTED' })
    expect(shown).toMatchObject({
      order_id: sent.orderId,
      side: 'BUY',
      quantity: '50.00',
      order_type: 'LIMIT',
      limit_price: '101.00',
      status: 'FILLED',
      filled_quantity: '50.00',
      average_fill_price: '100.00',
      fees: '0.25',
      submitted_at: '2026-01-07T17:00:00Z',
      filled_at: '2026-01-07T17:00:00Z',
      rejected_by: null,
    })
    const detail = presentOrderDetail(await getOrder(house.deps, ADMIN, sent.orderId))
    expect(detail.fills).toMatchObject([{ quantity: '50.00', price: '100.00', fee: '0.25' }])
    expect(detail).toMatchObject({ origin: 'api', in_doubt: false, stop_loss: '98.00', take_profit: null })
  })

  it('that was refused tells every check that was made, and what failed', async () => {
    const { order: refused } = await order(house, draftOf('BUY', 1000))
    const { checks } = await orderChecks(house.deps, ADMIN, refused.orderId)
    const shown = presentChecks(refused, checks)
    expect(shown.data.allowed).toBe(false)
    expect(shown.data.checks.filter(({ passed }) => !passed).map(({ check }) => check)).toEqual(
      expect.arrayContaining(['R06', 'R09', 'R11']),
    )
    expect(new Set(shown.data.checks.map(({ check }) => check)).size).toBe(26)
    expect(shown.data.violations.length).toBeGreaterThanOrEqual(3)
  })

  it('is previewed with the same verdict, and nothing happens', async () => {
    const before = await snapshot(house)
    const preview = presentPreview(await previewOrder(house.deps, ADMIN, request))
    expect(preview.data).toMatchObject({
      allowed: false,
      reference_price: '100.00',
      notional: '100000.00',
      estimated_fees: '5.00',
      reduces_position: false,
    })
    expect(await snapshot(house)).toEqual(before)
    expect(await orderLines(house.db)).toEqual([])
  })

  it('that is finished cannot be cancelled; one that rests can', async () => {
    const filled = await order(house, draftOf('BUY', 10))
    await expect(cancelOrder(house.deps, ADMIN, filled.order.orderId)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const resting = await order(
      house,
      draftOf('BUY', 10, { orderType: 'LIMIT', limitPrice: d(99), stopLoss: d(98) }),
    )
    await cancelOrder(house.deps, ADMIN, resting.order.orderId)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10', 'CANCELLED BUY 0'])
  })

  it('is found by strategy, status and mode; a mode without orders has none', async () => {
    await order(house, draftOf('BUY', 10))
    await order(house, draftOf('BUY', 1000))
    const count = async (query: object) =>
      (await listOrders(house.deps, ADMIN, { ...page, ...query })).totalCount
    expect(await count({})).toBe(2)
    expect(await count({ status: 'REJECTED' })).toBe(1)
    expect(await count({ mode: 'BACKTEST' })).toBe(0)
    expect(await count({ mode: 'LIVE' })).toBe(0)
    expect(await count({ strategyId: 'nobody' })).toBe(0)
  })
})

describe('a trade on the wire', () => {
  it('is a round trip net of fees, scaling in included', async () => {
    await order(house, draftOf('BUY', 50))
    await later(house, 1, 'ACME', 102)
    await order(house, draftOf('BUY', 30))
    await later(house, 29, 'ACME', 104)
    await post(house, 'CLOSE')
    const { trades, instruments } = await listTrades(house.deps, ADMIN, {})
    const [shown] = trades.map((one) => presentTrade(one, instruments))
    // 50 at 100.01 and 30 at 102.01, sold at 103.99; fees of half a basis point.
    expect(shown).toMatchObject({
      side: 'BUY',
      quantity: '80.00',
      entry_price: '100.76',
      exit_price: '103.99',
      pnl: '257.58',
      pnl_pct: '3.20',
      fees: '0.82',
      duration_hours: '0.50',
    })
    expect(totalPnl(trades)).toBe('257.58')
  })
})
