import { transaction, upsertPositions } from '@quantdeck/db'
import { describeEngines, samplePosition } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRunHouse, type RunHouse } from './house.ts'

interface Outcome {
  trades: number
  pnl: string
  max_drawdown_pct: string
  worst_day: { date: string; pnl: string } | null
}

interface Backtest {
  source: string
  without: Outcome
  with: Outcome
  cost: string
  denied: { code: string; orders: number; forgone_pnl: string }[]
  denied_trades: { code: string; pnl: string }[]
  curve: { date: string; without: string; with: string }[]
  error: { code: string; details: { field: string }[] }
}

describeEngines('limits tried on history', (engine) => {
  let house: RunHouse

  beforeAll(async () => {
    house = await openRunHouse(engine)
  })
  afterAll(() => house?.api.close())

  const backtest = async (
    body: Record<string, unknown>,
    token = house.trader,
  ): Promise<{ status: number; data: Backtest; body: Backtest }> => {
    const answer = await house.api.call('POST', '/v1/strategies/momentum_v1/limits/backtest', { token, body })
    return {
      status: answer.status,
      data: (answer.body as { data: Backtest }).data,
      body: answer.body as Backtest,
    }
  }

  it('the limits that a run had refuse nothing of it, tighter ones name what they cost', async () => {
    const run = await house.completed()
    const same = await backtest({ run_id: run.run_id, limits: {} })
    expect(same.status, JSON.stringify(same.body)).toBe(200)
    expect(same.data).toMatchObject({ source: 'run', denied: [], cost: '0.00' })
    expect(same.data.with).toEqual(same.data.without)
    expect(same.data.without.trades).toBe(run.trades.length)
    const sum = run.trades.reduce((total, trade) => total.plus(trade.pnl), new Decimal(0))
    expect(new Decimal(same.data.without.pnl).minus(sum).abs().toNumber()).toBeLessThan(
      0.01 * run.trades.length,
    )

    const tight = await backtest({
      run_id: run.run_id,
      limits: { max_drawdown: '0.005', drawdown_warning: '0.004' },
    })
    const denied = tight.data.denied.reduce((count, { orders }) => count + orders, 0)
    expect(denied).toBeGreaterThan(0)
    expect(tight.data.denied.map(({ code }) => code)).toEqual(['TRADING_STATE_REDUCING'])
    expect(tight.data.with.trades).toBe(run.trades.length - denied)
    const forgone = tight.data.denied.reduce((total, row) => total.plus(row.forgone_pnl), new Decimal(0))
    expect(new Decimal(tight.data.cost).plus(forgone).abs().toNumber()).toBeLessThan(0.02)
    expect(tight.data.denied_trades).toHaveLength(denied)
    expect(tight.data.curve.at(-1)?.without).toBe(new Decimal(30_000).plus(same.data.without.pnl).toFixed(2))

    const none = await backtest({
      run_id: run.run_id,
      limits: { max_order_notional_of_allocation: '0.001' },
    })
    expect(none.data.with).toMatchObject({
      trades: 0,
      pnl: '0.00',
      max_drawdown_pct: '0.00',
      worst_day: null,
    })
  })

  it('takes the trades of the books where no run is named', async () => {
    const empty = await backtest({ limits: {} })
    expect([empty.status, empty.body.error.code]).toEqual([409, 'CONFLICT'])
    const closed = (day: number, realizedUsd: string) =>
      samplePosition({
        positionId: randomUUID(),
        strategyId: 'momentum_v1',
        symbol: 'AAPL',
        quantity: new Decimal(0),
        peakQuantity: new Decimal(10),
        closedQuantity: new Decimal(10),
        costBasis: new Decimal(0),
        costUsd: new Decimal(0),
        realizedUsd: new Decimal(realizedUsd),
        stopLoss: new Decimal(98),
        entryPrice: new Decimal(100),
        exitPrice: new Decimal(101),
        openedAt: new Date(Date.UTC(2024, 3, day, 15)),
        closedAt: new Date(Date.UTC(2024, 3, day, 16)),
      })
    await transaction(house.api.deps.db, (trx) =>
      upsertPositions(trx, [closed(1, '-500'), closed(2, '300'), closed(3, '200')]),
    )
    const { data, status, body } = await backtest({
      limits: { loss_streak: 1, cooldown_minutes: 1500 },
      end_date: '2024-04-02',
    })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(data.source).toBe('books')
    expect(data.without.trades).toBe(2)
    const all = await backtest({ limits: { max_daily_loss: '0.01' } })
    expect(all.data.without.trades).toBe(3)
    expect(all.data.without.worst_day?.date).toBe('2024-04-01')
  })

  it('refuses another strategy’s run, bad limits and strangers', async () => {
    expect((await backtest({ limits: { max_drawdown: '2' } })).status).toBe(400)
    expect((await backtest({ limits: { unknown: 1 } })).status).toBe(400)
    expect((await backtest({ limits: {}, run_id: randomUUID() })).status).toBe(404)
    expect((await backtest({ limits: {} }, house.viewer)).status).toBe(404)
  })
})
