import { insertQuarantinedBars, transaction } from '@quantdeck/db'
import { describeEngines } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSessionRun } from '../../src/features/runs/session-runs.ts'
import { DAY_MS, openRunHouse, type RunHouse } from './house.ts'

describeEngines('results of runs', (engine) => {
  let house: RunHouse

  beforeAll(async () => {
    house = await openRunHouse(engine)
  })
  afterAll(() => house?.api.close())

  it('opens the report by its signed link without a login, and only that report', async () => {
    const run = await house.completed()
    const other = await house.completed()
    const opened = await fetch(new URL(run.report_url!))
    expect(opened.status).toBe(200)
    expect(opened.headers.get('content-type')).toContain('text/html')
    expect(opened.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await opened.text()).toContain(run.run_id)
    const token = new URL(run.report_url!, house.api.url).searchParams.get('token')
    const swapped = await fetch(`${house.api.url}/v1/runs/${other.run_id}/report?token=${token}`)
    expect(swapped.status).toBe(401)
    expect((await fetch(`${house.api.url}/v1/runs/${run.run_id}/report`)).status).toBe(401)
    const bearer = await house.call('GET', `/v1/runs/${run.run_id}/report`)
    expect(bearer.status).toBe(200)
  })

  it('hands out trades and equity as CSV', async () => {
    const run = await house.completed()
    const trades = await house.call('GET', `/v1/runs/${run.run_id}/trades.csv`)
    expect(trades.headers.get('content-type')).toContain('text/csv')
    expect(trades.text.trim().split('\r\n')).toHaveLength(run.trades.length + 1)
    const equity = await house.call('GET', `/v1/runs/${run.run_id}/equity.csv`)
    expect(equity.text.split('\r\n')[1]).toBe('2024-03-01,30000.00')
  })

  const read = async <T>(path: string): Promise<T> => {
    const answer = await house.api.call('GET', path, { token: house.trader })
    expect(answer.status, answer.text).toBe(200)
    return (answer.body as { data: T }).data
  }

  it('hands out trades and equity as JSON, unrounded, equal to the CSV', async () => {
    const run = await house.completed()
    const trades = await read<Record<string, string>[]>(`/v1/runs/${run.run_id}/trades.json`)
    const csv = await house.call('GET', `/v1/runs/${run.run_id}/trades.csv`)
    const [, first = ''] = csv.text.split('\r\n')
    expect(trades).toHaveLength(run.trades.length)
    expect(first).toContain(`${trades[0]?.entry_price},`)
    expect(first).toContain(`,${trades[0]?.pnl},`)
    const sum = trades.reduce((total, trade) => total.plus(trade.pnl ?? 0), new Decimal(30_000))
    const equity = await read<{ date: string; equity: string; benchmark: string }[]>(
      `/v1/runs/${run.run_id}/equity.json`,
    )
    expect(equity.at(-1)?.equity).toBe(sum.toFixed(2))
    expect(equity[0]).toEqual({ date: '2024-03-01', equity: '30000.00', benchmark: '30000.00' })
    expect(equity).toHaveLength(run.equity_curve.length)
  })

  it('has every figure with its interval, falls and returns by period', async () => {
    const run = await house.completed()
    const statistics = await read<{
      figures: Record<string, string | number | null>
      intervals: Record<string, { low: string; high: string }>
      drawdowns: { depth_pct: string }[]
      monthly_returns: { period: string; return_pct: string }[]
      annual_returns: { return_pct: string }[]
      rolling_sharpe: { date: string }[]
      rolling_days: number
    }>(`/v1/runs/${run.run_id}/statistics`)
    const { figures, intervals } = statistics
    expect(Number(figures.sharpe_ratio).toFixed(2)).toBe(run.metrics.sharpe_ratio)
    expect(Number(figures.max_drawdown_pct).toFixed(2)).toBe(run.metrics.max_drawdown)
    expect(statistics.drawdowns[0]?.depth_pct).toBe(run.metrics.max_drawdown)
    expect(Number(intervals.sharpe_ratio?.low)).toBeLessThan(Number(figures.sharpe_ratio))
    expect(Number(intervals.sharpe_ratio?.high)).toBeGreaterThan(Number(figures.sharpe_ratio))
    expect(statistics.monthly_returns.map(({ period }) => period)).toEqual(
      Array.from({ length: 10 }, (_, i) => `2024-${String(i + 3).padStart(2, '0')}`),
    )
    expect(Number(statistics.annual_returns[0]?.return_pct)).toBeCloseTo(Number(run.total_return), 1)
    expect(statistics.rolling_sharpe).toHaveLength(run.equity_curve.length - 63)
  })

  it('re-draws its equity, the same for the same seed', async () => {
    const run = await house.completed()
    type Envelope = {
      envelope: { step: number; quantiles: string[] }[]
      final_equity: string[]
      observations: number
    }
    const path = `/v1/runs/${run.run_id}/monte-carlo?draws=200&seed=4`
    const first = await read<Envelope>(path)
    expect(await read<Envelope>(path)).toEqual(first)
    expect(first.envelope[0]?.quantiles).toEqual(Array.from({ length: 5 }, () => '30000.00'))
    expect(first.envelope.at(-1)?.quantiles).toEqual(first.final_equity)
    const trades = await read<Envelope>(`/v1/runs/${run.run_id}/monte-carlo?method=trades&draws=200`)
    expect(trades.observations).toBe(run.trades.length)
    expect((await house.call('GET', `/v1/runs/${run.run_id}/monte-carlo?draws=5`)).status).toBe(400)
  })

  it('compares runs: aligned curves, figures side by side, what differs and why to be careful', async () => {
    const short = await house.completed({ parameters: { lookback: 10 }, end_date: '2024-09-30' })
    const long = await house.completed({ parameters: { lookback: 30 }, fees: '5' })
    const answer = await read<{
      runs: { run_id: string }[]
      metrics: { name: string; values: string[]; best: number | null }[]
      curve: { date: string; equity: (string | null)[]; indexed: (string | null)[] }[]
      correlations: string[][]
      differences: { field: string; values: string[] }[]
      warnings: string[]
    }>(`/v1/runs/compare?ids=${short.run_id},${long.run_id}`)
    expect(answer.runs.map(({ run_id: id }) => id)).toEqual([short.run_id, long.run_id])
    expect(answer.curve[0]).toEqual({
      date: '2024-03-01',
      equity: ['30000.00', '30000.00'],
      indexed: ['100', '100'],
    })
    expect(answer.curve.at(-1)).toMatchObject({
      date: '2024-12-31',
      equity: [null, long.equity_curve.at(-1)?.value],
    })
    const total = answer.metrics.find(({ name }) => name === 'total_return_pct')
    const [a, b] = (total?.values ?? []).map(Number)
    expect(total?.best).toBe(a! > b! ? 0 : 1)
    expect(answer.correlations[0]?.[0]).toBe('1')
    expect(answer.correlations[0]?.[1]).toBe(answer.correlations[1]?.[0])
    const fields = answer.differences.map(({ field }) => field)
    expect(fields).toEqual(expect.arrayContaining(['parameters.lookback', 'costs.feeBps', 'endDate']))
    expect(fields).not.toContain('seed')
    expect(answer.warnings).toEqual(['The runs cover different periods', 'The runs pay different costs'])
  })

  it('refuses to compare one run, nine runs, strangers and what is not finished', async () => {
    const run = await house.completed()
    const compare = async (ids: string): Promise<number> =>
      (await house.call('GET', `/v1/runs/compare?ids=${ids}`)).status
    expect(await compare(run.run_id)).toBe(400)
    expect(await compare(`${run.run_id},${run.run_id}`)).toBe(400)
    expect(await compare(`${run.run_id},99999999-9999-4999-8999-999999999999`)).toBe(404)
    const failed = await house.call('GET', '/v1/runs/no-uuid/statistics')
    expect(failed.status).toBe(404)
  })

  it('says in its notes which bars were missing, quarantined or duplicated', async () => {
    const { kysely } = house.api.deps.db
    await insertQuarantinedBars(kysely, [
      {
        quarantineId: '88888888-8888-4888-8888-888888888888',
        symbol: 'AAPL',
        intervalSeconds: 86_400,
        openedAt: new Date('2024-04-02T14:30:00Z'),
        line: null,
        raw: {},
        reason: 'JUMP',
        detail: '',
        importId: null,
        createdAt: new Date(),
      },
    ])
    const run = await house.completed()
    expect(run.notes.join()).toContain('AAPL: 1 bars of the range are in quarantine and were left out')
  })

  it('lists runs recent first and filtered', async () => {
    const all = await house.call('GET', '/v1/runs?per_page=100')
    // As instants: at a whole second the text has no fraction, and would sort behind all of that second.
    const created = all.body.data.map((run) =>
      Date.parse((run as unknown as { created_at: string }).created_at),
    )
    expect(created).toEqual(created.toSorted((a, b) => b - a))
    const failed = await house.call('GET', '/v1/runs?status=FAILED')
    expect(failed.body.data.every((run) => run.status === 'FAILED')).toBe(true)
    expect((await house.call('GET', '/v1/runs?strategy_id=nothing')).body.meta.total_count).toBe(0)
    expect((await house.call('GET', '/v1/runs?run_type=WRONG')).status).toBe(400)
    expect((await house.call('GET', '/v1/runs/no-uuid')).status).toBe(404)
  })

  it('shows a session with its figures so far, and neither an end nor a report', async () => {
    const { db } = house.api.deps
    await transaction(db, (trx) =>
      openSessionRun(trx, 'momentum_v1', 'PAPER', new Date(house.api.deps.clock.nowMs() - 3 * DAY_MS)),
    )
    const { body } = await house.call('GET', '/v1/runs?run_type=PAPER')
    const [session] = body.data
    expect(session).toMatchObject({
      status: 'RUNNING',
      end_date: null,
      completed_at: null,
      report_url: null,
      total_return: '0.00',
      undefined_metrics: ['sharpe_ratio'],
    })
    const detail = await house.call('GET', `/v1/runs/${session!.run_id}`)
    expect(detail.body.data.initial_capital).toBe('30000.00')
    expect(detail.body.data.equity_curve.at(-1)?.value).toBe('30000.00')
    expect((await house.call('DELETE', `/v1/runs/${session!.run_id}`)).status).toBe(409)
  })
})
