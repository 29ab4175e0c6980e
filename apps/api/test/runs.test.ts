import {
  claimRun,
  findRun,
  findRunResult,
  insertBars,
  insertInstrument,
  insertRun,
  insertSignals,
  insertStrategy,
  transaction,
} from '@quantdeck/db'
import { describeEngines, sampleSignal, sampleStrategy } from '@quantdeck/db/testing'
import { type Bar, Decimal } from '@quantdeck/domain'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { executeRun } from '../src/features/runs/execute-run.ts'
import { prepareRun } from '../src/features/runs/prepare-run.ts'
import { openSessionRun } from '../src/features/runs/session-runs.ts'
import { toRunRequest } from '../src/features/runs/run-request.ts'
import { executeSpec } from '../src/features/runs/run-spec.ts'
import { viewBars } from '../src/features/runs/shared-bars.ts'
import { RunJobs } from '../src/features/runs/run-jobs.ts'
import { WorkerPool } from '../src/features/runs/worker-pool.ts'
import { type Answer, startTestApi, type TestApi } from './harness.ts'

interface Trade {
  pnl: string
  fees: string
  quantity: string
  opened_at: string
}

interface RunBody {
  run_id: string
  status: string
  progress: number
  error?: string
  start_date: string
  end_date: string | null
  report_url: string | null
  completed_at: string | null
  total_return: string
  undefined_metrics: string[]
  initial_capital: string
  metrics: Record<string, string | number | string[]>
  equity_curve: { date: string; value: string }[]
  trades: Trade[]
  assumptions: Record<string, unknown>
  notes: string[]
}

type Body = {
  data: RunBody & RunBody[]
  meta: { total_count: number }
  error: { code: string; message: string; details: { field: string; message: string }[] }
}

const DAY_MS = 86_400_000
const FIRST_DAY = Date.UTC(2024, 0, 1)
const DAYS = 500

/** A wave with trend and noise, closed at 21:00 UTC each day. */
function bars(symbol: string, count = DAYS): Bar[] {
  return Array.from({ length: count }, (_, i) => {
    const open = Number(priceAt(i - 1))
    const close = Number(priceAt(i))
    const openedAt = new Date(FIRST_DAY + i * DAY_MS + 14.5 * 3_600_000)
    return {
      symbol,
      intervalSeconds: 86_400,
      openedAt,
      closedAt: new Date(FIRST_DAY + i * DAY_MS + 21 * 3_600_000),
      open: new Decimal(open),
      high: new Decimal(Math.max(open, close)).plus('0.50'),
      low: new Decimal(Math.min(open, close)).minus('0.50'),
      close: new Decimal(close),
      volume: new Decimal(1000),
      source: 'test',
    }
  })
}

function priceAt(i: number): string {
  return (Math.round(10_000 + 900 * Math.sin(i / 17) + 150 * Math.sin(i * 2) + i) / 100).toFixed(2)
}

describeEngines('runs', (engine) => {
  let api: TestApi
  let trader: string
  let viewer: string

  beforeAll(async () => {
    api = await startTestApi({ engine })
    const { kysely } = api.deps.db
    const instrument = {
      contractType: 'STOCK' as const,
      currency: 'USD',
      tickSize: new Decimal('0.01'),
      lotSize: new Decimal(1),
      minQuantity: new Decimal(1),
      maxQuantity: null,
      multiplier: new Decimal(1),
      priceDecimals: 2,
      quantityDecimals: 0,
      calendar: 'NYSE',
      barIntervalSeconds: 86_400,
      source: 'test',
    }
    await insertInstrument(kysely, { ...instrument, symbol: 'AAPL' })
    await insertInstrument(kysely, { ...instrument, symbol: 'EMPTY' })
    await insertBars(kysely, bars('AAPL'))
    const owned = { ownerId: api.users.trader.userId, universe: ['AAPL'], mode: 'BACKTEST' as const }
    await insertStrategy(
      kysely,
      sampleStrategy({ ...owned, isPublic: false, config: { model_type: 'momentum' } }),
    )
    await insertStrategy(
      kysely,
      sampleStrategy({ ...owned, strategyId: 'outside_v1', config: { model_type: 'ppo' } }),
    )
    await insertStrategy(kysely, sampleStrategy({ strategyId: 'of_admin', ownerId: api.users.admin.userId }))
    ;[trader, viewer] = await Promise.all([api.login('trader'), api.login('viewer')])
  })
  afterAll(() => api?.close())

  const call = async (method: string, path: string, options: { token?: string; body?: unknown } = {}) => {
    const answer = await api.call(method, path, { token: trader, ...options })
    return { ...answer, body: answer.body as Body }
  }
  const start = (over: Record<string, unknown> = {}) =>
    call('POST', '/v1/runs', {
      body: {
        strategy_id: 'momentum_v1',
        start_date: '2024-03-01',
        end_date: '2024-12-31',
        initial_capital: '30000.00',
        ...over,
      },
    })

  async function finished(runId: string): Promise<RunBody> {
    for (let i = 0; i < 400; i++) {
      const { body } = await call('GET', `/v1/runs/${runId}`)
      if (body.data.status !== 'RUNNING') return body.data
      await sleep(50)
    }
    throw new Error(`run ${runId} did not end`)
  }

  async function completed(over: Record<string, unknown> = {}): Promise<RunBody> {
    const answer = await start(over)
    expect(answer.status, answer.text).toBe(202)
    const run = await finished(answer.body.data.run_id)
    expect(run.error).toBeUndefined()
    expect(run.status).toBe('COMPLETED')
    return run
  }

  it("runs the document's request and answers with consistent figures, trades and curve", async () => {
    const run = await completed()
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

  it('the same request gives the same result, byte for byte, in a worker and in process', async () => {
    const [first, second] = [await completed(), await completed()]
    const { kysely } = api.deps.db
    const stored = await findRunResult(kysely, first.run_id)
    expect(await findRunResult(kysely, second.run_id)).toEqual(stored)
    const run = await findRun(kysely, first.run_id)
    const request = toRunRequest(run?.params)
    const prepared = await prepareRun(kysely, run!, request!, '100000')
    const inProcess = executeSpec(prepared.spec, prepared.bars.map(viewBars))
    const pool = new WorkerPool()
    const answer = await pool.run(prepared.spec, prepared.bars).answer
    await pool.close()
    expect(answer).toEqual({ kind: 'done', output: inProcess })
    expect(JSON.parse(inProcess.tradesJson)).toEqual(stored?.trades)
    expect(JSON.parse(inProcess.metricsJson)).toEqual(stored?.metrics)
  })

  it('opens the report by its signed link without a login, and only that report', async () => {
    const run = await completed()
    const other = await completed()
    const opened = await fetch(new URL(run.report_url!))
    expect(opened.status).toBe(200)
    expect(opened.headers.get('content-type')).toContain('text/html')
    expect(opened.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await opened.text()).toContain(run.run_id)
    const token = new URL(run.report_url!, api.url).searchParams.get('token')
    const swapped = await fetch(`${api.url}/v1/runs/${other.run_id}/report?token=${token}`)
    expect(swapped.status).toBe(401)
    expect((await fetch(`${api.url}/v1/runs/${run.run_id}/report`)).status).toBe(401)
    const bearer = await call('GET', `/v1/runs/${run.run_id}/report`)
    expect(bearer.status).toBe(200)
  })

  it('hands out trades and equity as CSV', async () => {
    const run = await completed()
    const trades = await call('GET', `/v1/runs/${run.run_id}/trades.csv`)
    expect(trades.headers.get('content-type')).toContain('text/csv')
    expect(trades.text.trim().split('\r\n')).toHaveLength(run.trades.length + 1)
    const equity = await call('GET', `/v1/runs/${run.run_id}/equity.csv`)
    expect(equity.text.split('\r\n')[1]).toBe('2024-03-01,30000.00')
  })

  it('cuts an end in the future to the last bar and says so', async () => {
    const { status, body } = await start({ end_date: '2100-01-01' })
    expect(status).toBe(202)
    expect(body.data.notes[0]).toContain('2100-01-01 was cut to 2025-05-14')
    const run = await finished(body.data.run_id)
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
    const { status, body } = await start(over)
    expect(status).toBe(400)
    expect(body.error.details[0]?.field).toBe(field)
    expect(JSON.stringify(body.error.details)).toContain(message)
  })

  it('knows neither an unknown strategy nor one out of sight', async () => {
    expect((await start({ strategy_id: 'nothing' })).status).toBe(404)
    expect((await start({ strategy_id: 'of_admin' })).status).toBe(404)
    const asViewer = await call('POST', '/v1/runs', { token: viewer, body: { strategy_id: 'momentum_v1' } })
    expect([400, 403]).toContain(asViewer.status)
  })

  it('replays the stored signals of a model that lives outside', async () => {
    const missing = await start({ strategy_id: 'outside_v1' })
    expect(missing.status).toBe(400)
    expect(missing.body.error.message).toContain('posted no signals')
    const signal = { strategyId: 'outside_v1', symbol: 'AAPL', stopLoss: null, takeProfit: null, size: 0.25 }
    await insertSignals(api.deps.db.kysely, [
      sampleSignal({ ...signal, signal: 'LONG', signalAt: new Date('2024-04-01T15:00Z') }),
      sampleSignal({ ...signal, signal: 'CLOSE', signalAt: new Date('2024-04-10T15:00Z') }),
    ])
    const run = await completed({
      strategy_id: 'outside_v1',
      initial_capital: '10000.00',
      risk_engine: false,
    })
    expect(run.trades.map((trade) => trade.opened_at)).toEqual(['2024-04-02T14:30:00Z'])
    const far = await start({ strategy_id: 'outside_v1', start_date: '2025-01-01', end_date: '2025-03-01' })
    expect(far.body.error.details[0]?.message).toContain('2 from 2024-04-01 to 2024-04-10')
  })

  it('a repeated idempotency key starts one run', async () => {
    const body = {
      strategy_id: 'momentum_v1',
      start_date: '2024-03-01',
      end_date: '2024-04-01',
      initial_capital: '1000',
    }
    const options = { token: trader, body, headers: { 'idempotency-key': `run-${engine}` } }
    const first = await api.call('POST', '/v1/runs', options)
    const second = await api.call('POST', '/v1/runs', options)
    expect((second.body as Body).data.run_id).toBe((first.body as Body).data.run_id)
    await finished((first.body as Body).data.run_id)
  })

  it('another attempt takes the run over: the one before can no longer publish', async () => {
    const { kysely } = api.deps.db
    const done = await completed()
    const old = await findRun(kysely, done.run_id)
    const runId = '11111111-1111-4111-8111-111111111111'
    await insertRun(kysely, {
      runId,
      strategyId: 'momentum_v1',
      startDate: '2024-03-01',
      endDate: '2024-12-31',
      initialCapital: new Decimal(30_000),
      params: old?.params,
      estimatedCompletion: new Date(),
      createdBy: 'test',
      createdAt: new Date(),
    })
    const pool = new WorkerPool()
    const { db, clock, log, env } = api.deps
    const hooked = {
      db,
      clock,
      log,
      env,
      wakeSealer: () => {},
      running: new Map(),
      pool: Object.assign(Object.create(pool) as WorkerPool, {
        run: (...args: Parameters<WorkerPool['run']>) => {
          const task = pool.run(...args)
          // While the worker computes, somebody else claims the run.
          const answer = task.answer.then(async (value) => {
            await claimRun(kysely, runId, '22222222-2222-4222-8222-222222222222')
            return value
          })
          return { ...task, answer }
        },
      }),
    }
    await executeRun(hooked, runId)
    expect((await findRun(kysely, runId))?.status).toBe('RUNNING')
    expect(await findRunResult(kysely, runId)).toBeNull()
    await executeRun({ ...hooked, pool }, runId)
    expect(await findRun(kysely, runId)).toMatchObject({ status: 'COMPLETED', attempt: 3 })
    await pool.close()
  })

  it('takes up at its start what an earlier process left unfinished', async () => {
    const { kysely } = api.deps.db
    const old = await findRun(kysely, (await completed()).run_id)
    const runId = '33333333-3333-4333-8333-333333333333'
    await insertRun(kysely, {
      runId,
      strategyId: 'momentum_v1',
      startDate: '2024-03-01',
      endDate: '2024-12-31',
      initialCapital: new Decimal(30_000),
      params: old?.params,
      estimatedCompletion: new Date(),
      createdBy: 'test',
      createdAt: new Date(),
    })
    // As if the process had died in the middle of its first attempt.
    await claimRun(kysely, runId, '44444444-4444-4444-8444-444444444444')
    const restarted = new RunJobs(api.deps, () => {})
    await restarted.start()
    expect(await finished(runId)).toMatchObject({ status: 'COMPLETED', total_return: expect.any(String) })
    await restarted.close()
  })

  it('cancels a running backtest within a second', async () => {
    const { kysely } = api.deps.db
    // Minutes of a month, so that there is something to interrupt.
    const minutes = bars('LONG', 1)
    await insertInstrument(kysely, {
      symbol: 'LONG',
      contractType: 'CRYPTO',
      currency: 'USD',
      tickSize: new Decimal('0.01'),
      lotSize: new Decimal(1),
      minQuantity: new Decimal(1),
      maxQuantity: null,
      multiplier: new Decimal(1),
      priceDecimals: 2,
      quantityDecimals: 0,
      calendar: '24/7',
      barIntervalSeconds: 60,
      source: 'test',
    })
    const [sample] = minutes
    for (let chunk = 0; chunk < 6; chunk++) {
      await insertBars(
        kysely,
        Array.from({ length: 10_000 }, (_, i) => {
          const openedAt = new Date(FIRST_DAY + (chunk * 10_000 + i) * 60_000)
          return {
            ...sample!,
            intervalSeconds: 60,
            openedAt,
            closedAt: new Date(openedAt.getTime() + 60_000),
          }
        }),
      )
    }
    // A channel of 5,000 bars is slow on purpose: three hundred million comparisons.
    await insertStrategy(
      kysely,
      sampleStrategy({
        strategyId: 'slow_v1',
        ownerId: api.users.trader.userId,
        universe: ['LONG'],
        mode: 'BACKTEST',
        config: { model_type: 'donchian', entry_period: 5000, exit_period: 5000 },
      }),
    )
    const { body } = await start({ strategy_id: 'slow_v1', start_date: '2024-01-01', end_date: '2024-02-28' })
    const runId = body.data.run_id
    let cancelled: Answer | null = null
    for (let i = 0; i < 200 && cancelled === null; i++) {
      const row = await findRun(kysely, runId)
      if (row?.phase !== 'queued')
        cancelled = await api.call('DELETE', `/v1/runs/${runId}`, { token: trader })
      else await sleep(10)
    }
    expect(cancelled?.status).toBe(200)
    const run = await finished(runId)
    expect(run).toMatchObject({ status: 'FAILED', error: 'Cancelled', report_url: null })
    expect((await call('DELETE', `/v1/runs/${runId}`)).status).toBe(409)
  })

  it('lists runs recent first and filtered', async () => {
    const all = await call('GET', '/v1/runs?per_page=100')
    const created = all.body.data.map((run) => (run as unknown as { created_at: string }).created_at)
    expect(created).toEqual(created.toSorted().reverse())
    const failed = await call('GET', '/v1/runs?status=FAILED')
    expect(failed.body.data.every((run) => run.status === 'FAILED')).toBe(true)
    expect((await call('GET', '/v1/runs?strategy_id=nothing')).body.meta.total_count).toBe(0)
    expect((await call('GET', '/v1/runs?run_type=WRONG')).status).toBe(400)
    expect((await call('GET', '/v1/runs/no-uuid')).status).toBe(404)
  })

  it('shows a session with its figures so far, and neither an end nor a report', async () => {
    const { db } = api.deps
    await transaction(db, (trx) =>
      openSessionRun(trx, 'momentum_v1', 'PAPER', new Date(api.deps.clock.nowMs() - 3 * DAY_MS)),
    )
    const { body } = await call('GET', '/v1/runs?run_type=PAPER')
    const [session] = body.data
    expect(session).toMatchObject({
      status: 'RUNNING',
      end_date: null,
      completed_at: null,
      report_url: null,
      total_return: '0.00',
      undefined_metrics: ['sharpe_ratio'],
    })
    const detail = await call('GET', `/v1/runs/${session!.run_id}`)
    expect(detail.body.data.initial_capital).toBe('30000.00')
    expect(detail.body.data.equity_curve.at(-1)?.value).toBe('30000.00')
    expect((await call('DELETE', `/v1/runs/${session!.run_id}`)).status).toBe(409)
  })
})
