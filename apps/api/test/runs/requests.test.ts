import { insertSignals } from '@quantdeck/db'
import { describeEngines, sampleSignal } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Body, openRunHouse, type RunHouse } from './house.ts'

describeEngines('what may be asked of a run', (engine) => {
  let house: RunHouse

  beforeAll(async () => {
    house = await openRunHouse(engine)
  })
  afterAll(() => house?.api.close())

  it("runs the document's request and answers with consistent figures, trades and curve", async () => {
    const run = await house.completed()
    const sum = run.trades.reduce((total, trade) => total.plus(trade.pnl), new Decimal(30_000))
    const last = run.equity_curve.at(-1)
    expect(new Decimal(last!.value).minus(sum).abs().lte(new Decimal('0.01').times(run.trades.length))).toBe(
      true,
    )
    const total = new Decimal(last!.value).div(30_000).minus(1).times(100).toFixed(2)
    expect(run.total_return).toBe(total)
    expect(run.metrics.total_return).toBe(total)
    expect(run.metrics.total_trades).toBe(run.trades.length)
    expect(run.trades.length).toBeGreaterThan(5)
    expect(run.equity_curve[0]).toEqual({ date: '2024-03-01', value: '30000.00' })
    expect(run.assumptions).toMatchObject({ engine_version: expect.any(String), risk_engine: true, seed: 1 })
    expect(run.assumptions.data_hash).toMatch(/^[0-9a-f]{16}$/)
    // The strategy was warm on the first day, thanks to the bars before it.
    expect(run.assumptions.warmup_bars).toBeGreaterThan(20)
  })

  it('cuts an end in the future to the last bar and says so', async () => {
    const { status, body } = await house.start({ end_date: '2100-01-01' })
    expect(status).toBe(202)
    expect(body.data.notes[0]).toContain('2100-01-01 was cut to 2025-05-14')
    const run = await house.finished(body.data.run_id)
    expect(run.end_date).toBe('2025-05-14')
  })

  it.each([
    [
      'an end before the start',
      { start_date: '2024-12-31', end_date: '2024-01-01' },
      'end_date',
      'before start_date',
    ],
    [
      'a range after the data',
      { start_date: '2030-01-01', end_date: '2030-12-31' },
      'start_date',
      'AAPL has bars from 2024-01-01 to 2025-05-14',
    ],
    [
      'a range before the data',
      { start_date: '2020-01-01', end_date: '2020-12-31' },
      'end_date',
      'AAPL has bars from 2024-01-01',
    ],
    ['a symbol without bars', { symbols: ['EMPTY'] }, 'end_date', 'EMPTY has no bars'],
    ['an unknown symbol', { symbols: ['AAPL', 'NOPE'] }, 'symbols.1', 'NOPE is not known'],
    ['an absurd capital', { initial_capital: '999999999999999' }, 'initial_capital', 'too large'],
    ['an unknown parameter', { parameters: { lookbak: 3 } }, 'parameters.lookbak', 'lookback'],
    ['a bad parameter', { parameters: { lookback: 0 } }, 'parameters.lookback', 'at least 1'],
    ['absurd fees', { fees: '5000' }, 'fees', 'at most 1000'],
    ['no capital', { initial_capital: '0' }, 'initial_capital', ''],
  ])('refuses %s with the field named', async (_, over, field, message) => {
    const { status, body } = await house.start(over)
    expect(status).toBe(400)
    expect(body.error.details[0]?.field).toBe(field)
    expect(JSON.stringify(body.error.details)).toContain(message)
  })

  it('knows neither an unknown strategy nor one out of sight', async () => {
    expect((await house.start({ strategy_id: 'nothing' })).status).toBe(404)
    expect((await house.start({ strategy_id: 'of_admin' })).status).toBe(404)
    const asViewer = await house.call('POST', '/v1/runs', {
      token: house.viewer,
      body: { strategy_id: 'momentum_v1' },
    })
    expect([400, 403]).toContain(asViewer.status)
  })

  it('replays the stored signals of a model that lives outside', async () => {
    const missing = await house.start({ strategy_id: 'outside_v1' })
    expect(missing.status).toBe(400)
    expect(missing.body.error.message).toContain('posted no signals')
    const signal = { strategyId: 'outside_v1', symbol: 'AAPL', stopLoss: null, takeProfit: null, size: 0.25 }
    await insertSignals(house.api.deps.db.kysely, [
      sampleSignal({ ...signal, signal: 'LONG', signalAt: new Date('2024-04-01T15:00Z') }),
      sampleSignal({ ...signal, signal: 'CLOSE', signalAt: new Date('2024-04-10T15:00Z') }),
    ])
    const run = await house.completed({
      strategy_id: 'outside_v1',
      initial_capital: '10000.00',
      risk_engine: false,
    })
    expect(run.trades.map((trade) => trade.opened_at)).toEqual(['2024-04-02T14:30:00Z'])
    const far = await house.start({
      strategy_id: 'outside_v1',
      start_date: '2025-01-01',
      end_date: '2025-03-01',
    })
    expect(far.body.error.details[0]?.message).toContain('2 from 2024-04-01 to 2024-04-10')
  })

  it('a repeated idempotency key starts one run', async () => {
    const body = {
      strategy_id: 'momentum_v1',
      start_date: '2024-03-01',
      end_date: '2024-04-01',
      initial_capital: '1000',
    }
    const options = { token: house.trader, body, headers: { 'idempotency-key': `run-${engine}` } }
    const first = await house.api.call('POST', '/v1/runs', options)
    const second = await house.api.call('POST', '/v1/runs', options)
    expect((second.body as Body).data.run_id).toBe((first.body as Body).data.run_id)
    await house.finished((first.body as Body).data.run_id)
  })
})
