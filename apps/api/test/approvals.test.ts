import { insertAlerts, insertRun, insertStrategy, insertUser, listAudit } from '@quantdeck/db'
import { describeEngines, sampleAlert, sampleStrategy } from '@quantdeck/db/testing'
import { Decimal, VirtualClock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTestApi, type Answer, type TestApi } from './harness.ts'

const APPROVALS = '/v1/controls/approvals'
const TO_LIVE = { strategy_id: 'momentum_v1', from_mode: 'PAPER', to_mode: 'LIVE' }

describeEngines('an approval', (engine) => {
  let api: TestApi
  let clock: VirtualClock
  let admin: string
  let second: string

  beforeEach(async () => {
    clock = new VirtualClock(new Date('2026-01-07T16:30:00Z'))
    api = await startTestApi({ engine, clock })
    const { kysely } = api.deps.db
    const common = { config: {}, allocatedCapital: new Decimal(10_000) }
    await insertStrategy(kysely, sampleStrategy(common))
    await insertStrategy(kysely, sampleStrategy({ ...common, strategyId: 'other' }))
    const at = clock.now()
    const approver = { userId: randomUUID(), email: 'second@example.com', name: 'Second' }
    const user = { ...approver, role: 'admin' as const, passwordHash: 'none', createdAt: at, updatedAt: at }
    await insertUser(kysely, user)
    admin = await api.enter(api.users.admin.userId)
    second = await api.enter(approver.userId)
  })
  afterEach(() => api?.close())

  const post = (path: string, body: unknown, token = admin) => api.call('POST', path, { token, body })
  const data = (answer: Answer) => (answer.body as { data: Record<string, unknown> }).data

  async function listed(): Promise<Record<string, unknown>[]> {
    const { body } = await api.call('GET', APPROVALS, { token: admin })
    return (body as { data: Record<string, unknown>[] }).data
  }

  async function request(): Promise<string> {
    const asked = await post(APPROVALS, { ...TO_LIVE, reason: 'ready' })
    expect(asked.status).toBe(201)
    return String(data(asked)['approval_id'])
  }

  async function backtest(strategyId: string, totalReturn: number, at: Date): Promise<string> {
    const runId = randomUUID()
    const { db } = api.deps
    await insertRun(db.kysely, {
      ...{ runId, strategyId, startDate: '2025-01-01', endDate: '2025-12-31', params: {} },
      ...{ initialCapital: new Decimal(10_000), estimatedCompletion: at, createdBy: 'me', createdAt: at },
    })
    await db.kysely
      .updateTable('runs')
      .set({
        ...{ status: 'COMPLETED', completedAt: at, progress: 1, totalReturn, sharpeRatio: 1.234 },
        ...{ maxDrawdown: -0.0875, totalTrades: 42 },
      })
      .where('runId', '=', runId)
      .execute()
    return runId
  }

  it('keeps what stood when it was asked for, whatever comes later', async () => {
    const { kysely } = api.deps.db
    await backtest('momentum_v1', 0.05, clock.now())
    clock.advanceBy(60_000)
    const latest = await backtest('momentum_v1', 0.1234, clock.now())
    await backtest('other', 9, new Date(clock.nowMs() + 1_000))
    const createdAt = clock.now()
    await insertAlerts(kysely, [
      sampleAlert({ createdAt, code: 'LATE_FILL', message: 'open and critical' }),
      sampleAlert({ createdAt, code: 'MODEL_CRITICAL', severity: 'ERROR', message: 'open' }),
      sampleAlert({ createdAt, strategyId: 'other', context: { strategy_id: 'other' } }),
      sampleAlert({ createdAt, acknowledged: true, acknowledgedAt: createdAt, acknowledgedBy: 'me' }),
    ])
    const limits = { limits: { max_trades_per_day: 7 }, reason: 'careful' }
    const set = await api.call('PUT', '/v1/strategies/momentum_v1/limits', { token: admin, body: limits })
    expect(set.status).toBe(200)
    await request()
    clock.advanceBy(60_000)
    await backtest('momentum_v1', -0.5, clock.now())
    await api.call('PUT', '/v1/strategies/momentum_v1/limits', {
      token: admin,
      body: { limits: { max_trades_per_day: 9 }, reason: 'careless' },
    })
    const [approval] = await listed()
    expect(approval?.['evidence']).toMatchObject({
      at: '2026-01-07T16:31:00Z',
      backtest: {
        run_id: latest,
        start_date: '2025-01-01',
        end_date: '2025-12-31',
        total_return: '12.34',
        sharpe_ratio: '1.23',
        max_drawdown: '-8.75',
        total_trades: 42,
      },
      record: { total_trades: 0, win_rate: null, max_drawdown: '0.00' },
      limits: { max_trades_per_day: 7, max_drawdown: '0.15' },
      model: { status: 'warning', details: ['no inference yet', 'insufficient data'] },
      alerts: {
        open_count: 2,
        critical_count: 1,
        latest: [{ message: 'open' }, { message: 'open and critical' }],
      },
    })
  })

  it('says that nothing stood where nothing did', async () => {
    await request()
    const [approval] = await listed()
    expect(approval).toMatchObject({
      wrong_tries: 0,
      revoked_by: null,
      evidence: { backtest: null, alerts: { open_count: 0, critical_count: 0, latest: [] } },
    })
  })

  it('is dead once it is revoked, by whoever asked or by another admin, and the log tells who and why', async () => {
    const granted = async (id: string) => data(await post(`${APPROVALS}/${id}/approve`, undefined, second))
    const revoke = (id: string, token?: string) =>
      post(`${APPROVALS}/${id}/revoke`, { reason: 'not now' }, token)
    const first = await request()
    const { approval_code } = await granted(first)
    const revoked = await revoke(first)
    expect(revoked.body).toEqual({
      message: 'Approval revoked',
      data: { approval_id: first, status: 'REVOKED', revoked_at: '2026-01-07T16:30:00Z' },
    })
    expect((await post('/v1/controls/mode-transition', { ...TO_LIVE, approval_code })).status).toBe(403)
    expect((await revoke(first)).status).toBe(409)
    expect((await post(`${APPROVALS}/${first}/approve`, undefined, second)).status).toBe(409)

    const another = await request()
    expect((await revoke(another, second)).status).toBe(200)
    expect((await listed()).map(({ status, revoked_by }) => [status, revoked_by])).toEqual([
      ['REVOKED', 'second@example.com'],
      ['REVOKED', 'admin@example.com'],
    ])
    expect((await revoke(randomUUID())).status).toBe(404)
    expect((await revoke(first, await api.enter(api.users.risk.userId))).status).toBe(403)
    const { entries } = await listAudit(
      api.deps.db.kysely,
      { action: 'approval.revoke' },
      { limit: 5, offset: 0 },
    )
    expect(entries.map(({ actorLabel, entityId, reason }) => [actorLabel, entityId, reason])).toEqual([
      ['second@example.com', another, 'not now'],
      ['admin@example.com', first, 'not now'],
    ])
    expect(entries[0]).toMatchObject({ before: { status: 'REQUESTED' }, after: { status: 'REVOKED' } })
  })
})
