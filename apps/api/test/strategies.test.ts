import { insertAlerts, insertInstrument, insertStrategy, listAudit } from '@quantdeck/db'
import {
  sampleAlert,
  sampleInstrument,
  sampleStrategy,
  describeEngines,
  SAMPLE_AT,
} from '@quantdeck/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi, type TestApi } from './harness.ts'

interface Strategy {
  strategy_id: string
  status: string
  version: number
  config: Record<string, unknown>
  risk_per_trade_pct: string
  performance: Record<string, unknown>
}
type Body = { data: Strategy; error?: { code: string; message: string; details: { field?: string }[] } }

describeEngines('strategies and alerts', (engine) => {
  let api: TestApi
  let admin: string
  let trader: string
  let viewer: string

  beforeAll(async () => {
    api = await startTestApi({ engine })
    const { kysely } = api.deps.db
    await insertInstrument(kysely, sampleInstrument())
    const owned = { ownerId: api.users.trader.userId, universe: ['AAPL'], isPublic: false }
    await insertStrategy(kysely, sampleStrategy({ ...owned, mode: 'BACKTEST', status: 'inactive' }))
    await insertStrategy(kysely, sampleStrategy({ strategyId: 'of_admin', ownerId: api.users.admin.userId }))
    ;[admin, trader, viewer] = await Promise.all([
      api.login('admin'),
      api.login('trader'),
      api.login('viewer'),
    ])
  })
  afterAll(() => api?.close())

  const call = async (token: string, method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await api.call(method, path, { token, body, headers })
    return { status: answer.status, body: answer.body as Body, headers: answer.headers }
  }
  const patch = (token: string, body: unknown, headers = {}) =>
    call(token, 'PATCH', '/v1/strategies/momentum_v1', body, headers)

  it('shows to each what they own; another one reads like an unknown one', async () => {
    const list = async (token: string) => {
      const { body } = await call(token, 'GET', '/v1/strategies')
      return (body.data as unknown as Strategy[]).map(({ strategy_id }) => strategy_id)
    }
    expect(await list(admin)).toEqual(['momentum_v1', 'of_admin'])
    expect(await list(trader)).toEqual(['momentum_v1'])
    expect(await list(viewer)).toEqual([])
    const foreign = await call(trader, 'GET', '/v1/strategies/of_admin')
    const unknown = await call(trader, 'GET', '/v1/strategies/nothing')
    expect(foreign.status).toBe(404)
    expect(foreign.body.error).toEqual(unknown.body.error)
    const foreignPatch = await call(trader, 'PATCH', '/v1/strategies/of_admin', { name: 'mine' })
    expect(foreignPatch.status).toBe(404)
  })

  it('merges the patch into the configuration and says what changed', async () => {
    const before = await call(trader, 'GET', '/v1/strategies/momentum_v1')
    expect(before.body.data).toMatchObject({ version: 1, risk_per_trade_pct: '2.0' })
    const { status, body } = await patch(trader, {
      config: { risk_per_trade_pct: '1.0', signal_threshold: null, nested: { a: 1, b: null } },
      reason: 'less risk',
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      message: 'Strategy updated successfully',
      data: {
        version: 2,
        risk_per_trade_pct: '1.0',
        config: { model_type: 'xgboost', stop_loss_pct: '2.0', risk_per_trade_pct: '1.0', nested: { a: 1 } },
        performance: {
          total_pnl: '0.00',
          max_drawdown: '0.00',
          undefined_metrics: ['sharpe_ratio', 'win_rate'],
        },
      },
    })
    expect(body.data.config).not.toHaveProperty('signal_threshold')
    const audit = await listAudit(api.deps.db.kysely, { entityId: 'momentum_v1' }, { limit: 5, offset: 0 })
    expect(audit).toMatchObject({
      totalCount: 1,
      entries: [{ action: 'strategy.update', reason: 'less risk', actorLabel: 'trader@example.com' }],
    })
  })

  it('leaves no trace of a patch that changes nothing', async () => {
    const { body } = await patch(trader, { config: { risk_per_trade_pct: '1.0' } })
    expect(body.data.version).toBe(2)
    const audit = await listAudit(api.deps.db.kysely, { entityId: 'momentum_v1' }, { limit: 5, offset: 0 })
    expect(audit.totalCount).toBe(1)
  })

  it('refuses a change that was made on an older version, with who and when', async () => {
    const { status, body } = await patch(admin, { name: 'x' }, { 'if-match': '"1"' })
    expect(status).toBe(409)
    expect(body.error).toMatchObject({
      code: 'CONFLICT',
      details: [{ field: 'version', current_version: 2, changed_by: 'trader@example.com' }],
    })
    const current = await patch(admin, { name: 'Renamed' }, { 'if-match': '"2"' })
    expect(current.status).toBe(200)
    expect(current.headers.get('etag')).toBe('"3"')
  })

  it('lets exactly one of many changes of the same version through', async () => {
    const { version } = (await call(trader, 'GET', '/v1/strategies/momentum_v1')).body.data
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => patch(trader, { name: `n${n}`, expected_version: version })),
    )
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([200, ...Array<number>(11).fill(409)])
  })

  it.each([
    [{ mode: 'LIVE' }, 'mode'],
    [{ owner: 'me' }, 'owner'],
    [{ config: { risk_per_trade_pct: 'abc' } }, 'config.risk_per_trade_pct'],
    [{ config: { signal_threshold: 1.5 } }, 'config.signal_threshold'],
    [{ universe: ['NOPE'] }, 'universe'],
  ])('refuses %j', async (body, field) => {
    const answer = await patch(trader, body)
    expect(answer.status).toBe(400)
    expect(answer.body.error?.details.map((detail) => detail.field)).toContain(field)
  })

  it('creates a strategy that is inactive in BACKTEST, once', async () => {
    const input = { strategy_id: 'new_one', name: 'New', universe: ['AAPL'], allocated_capital: '1000.50' }
    const created = await call(trader, 'POST', '/v1/strategies', input)
    expect(created.status).toBe(201)
    expect(created.body.data).toMatchObject({
      status: 'inactive',
      mode: 'BACKTEST',
      allocated_capital: '1000.50',
      owner_id: api.users.trader.userId,
    })
    const own = await call(trader, 'POST', '/v1/strategies', input)
    expect([own.status, own.body.error?.details.length]).toEqual([409, 1])
    const foreign = await call(trader, 'POST', '/v1/strategies', { ...input, strategy_id: 'of_admin' })
    expect([foreign.status, foreign.body.error?.details.length]).toEqual([409, 0])
    expect((await call(viewer, 'POST', '/v1/strategies', input)).status).toBe(403)
  })

  it('opens a session run while a strategy is active in PAPER', async () => {
    await insertStrategy(
      api.deps.db.kysely,
      sampleStrategy({ strategyId: 'sleeper', universe: ['AAPL'], status: 'inactive' }),
    )
    const set = (status: string) => call(admin, 'PATCH', '/v1/strategies/sleeper', { status })
    const runs = () =>
      api.deps.db.kysely
        .selectFrom('runs')
        .select(['runType', 'status'])
        .where('strategyId', '=', 'sleeper')
        .execute()
    await set('active')
    expect(await runs()).toEqual([{ runType: 'PAPER', status: 'RUNNING' }])
    await set('inactive')
    expect(await runs()).toEqual([{ runType: 'PAPER', status: 'COMPLETED' }])
  })

  it('acknowledges an alert once and keeps who was first', async () => {
    const { kysely } = api.deps.db
    const own = sampleAlert({ createdAt: new Date(SAMPLE_AT.getTime() + 1000) })
    const foreign = sampleAlert({ strategyId: 'of_admin', severity: 'INFO' })
    await insertAlerts(kysely, [own, foreign])
    const path = `/v1/alerts/${own.alertId}/acknowledge`
    expect((await call(viewer, 'PATCH', path)).status).toBe(403)
    const first = await call(trader, 'PATCH', path)
    const second = await call(admin, 'PATCH', path)
    expect(first.body).toMatchObject({ message: 'Alert acknowledged', data: { acknowledged: true } })
    expect(second.body).toEqual(first.body)
    expect((await call(trader, 'PATCH', `/v1/alerts/${foreign.alertId}/acknowledge`)).status).toBe(404)
    expect((await call(trader, 'PATCH', '/v1/alerts/not-a-uuid/acknowledge')).status).toBe(404)
    const list = await call(trader, 'GET', '/v1/alerts?acknowledged=true&severity=CRITICAL')
    expect(list.body).toMatchObject({
      data: [{ alert_id: own.alertId, acknowledged_by: 'trader@example.com' }],
      meta: { total_count: 1, page: 1, per_page: 20 },
    })
    expect((await call(trader, 'GET', '/v1/alerts?from_date=2026-02-01&to_date=2026-01-01')).status).toBe(400)
  })

  it('shows the audit log to admins only', async () => {
    expect((await call(trader, 'GET', '/v1/audit')).status).toBe(403)
    const { body } = await call(admin, 'GET', '/v1/audit?actor=trader@example.com&action=strategy.create')
    expect(body).toMatchObject({ data: [{ entity_id: 'new_one' }], meta: { total_count: 1 } })
  })
})
