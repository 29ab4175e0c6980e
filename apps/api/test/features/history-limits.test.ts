import { insertInstrument, insertStrategy, listAudit } from '@quantdeck/db'
import { describeEngines, sampleInstrument, sampleStrategy } from '@quantdeck/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../harness.ts'

interface Change {
  version: number
  before: { config: Record<string, unknown> } | null
  after: { config: Record<string, unknown> }
  reason: string | null
  changed_by: string
}

describeEngines('history and limits of a strategy', (engine) => {
  let api: TestApi
  let tokens: Record<'admin' | 'trader' | 'risk' | 'viewer', string>

  beforeAll(async () => {
    api = await startTestApi({ engine })
    const { kysely } = api.deps.db
    await insertInstrument(kysely, sampleInstrument())
    await insertStrategy(
      kysely,
      sampleStrategy({ ownerId: api.users.trader.userId, universe: ['AAPL'], isPublic: false, config: {} }),
    )
    const [admin, trader, risk, viewer] = await Promise.all([
      api.login('admin'),
      api.login('trader'),
      api.login('risk'),
      api.login('viewer'),
    ])
    tokens = { admin, trader, risk, viewer }
  })
  afterAll(() => api?.close())

  const call = (who: keyof typeof tokens, method: string, path: string, body?: unknown) =>
    api.call(method, path, { token: tokens[who], body })
  const patch = (config: object, reason?: string) =>
    call('trader', 'PATCH', '/v1/strategies/momentum_v1', { config, ...(reason && { reason }) })

  it('keeps who changed what from what to what and why, and brings a version back', async () => {
    await patch({ risk_per_trade_pct: '1.5', features: { fast: 5, slow: 20 } }, 'first try')
    await patch({ risk_per_trade_pct: '1.0', features: { fast: null, mid: 10 } }, 'calmer')
    const history = await call('trader', 'GET', '/v1/strategies/momentum_v1/history')
    const [last, before] = (history.body as { data: Change[] }).data
    expect(last).toMatchObject({
      before: { config: { risk_per_trade_pct: '1.5', features: { fast: 5, slow: 20 } } },
      after: { config: { risk_per_trade_pct: '1.0', features: { slow: 20, mid: 10 } } },
      reason: 'calmer',
      changed_by: api.users.trader.email,
    })
    const reverted = await call('trader', 'POST', '/v1/strategies/momentum_v1/revert', {
      version: before?.version,
      reason: 'the first was better',
    })
    expect(reverted).toMatchObject({
      status: 200,
      body: {
        data: {
          version: (last?.version ?? 0) + 1,
          config: { risk_per_trade_pct: '1.5', features: { fast: 5, slow: 20 } },
        },
      },
    })
    const { entries } = await listAudit(
      api.deps.db.kysely,
      { entityId: 'momentum_v1' },
      { limit: 1, offset: 0 },
    )
    expect(entries[0]).toMatchObject({ action: 'strategy.update', reason: 'the first was better' })
  })

  it('refuses to bring back what never was, what somebody changed meanwhile, and what is not yours', async () => {
    const revert = (who: keyof typeof tokens, body: object) =>
      call(who, 'POST', '/v1/strategies/momentum_v1/revert', { reason: 'back', ...body })
    expect((await revert('trader', { version: 999 })).status).toBe(404)
    expect((await revert('trader', { version: 0 })).status).toBe(400)
    expect((await revert('trader', { version: 2, expected_version: 1 })).status).toBe(409)
    expect((await revert('viewer', { version: 2 })).status).toBe(403)
    expect((await call('viewer', 'GET', '/v1/strategies/momentum_v1/history')).status).toBe(404)
    expect((await call('trader', 'GET', '/v1/strategies/nobody/history')).status).toBe(404)
  })

  it('shows the limits in force, what was set and what would hold without it', async () => {
    const set = await call('risk', 'PUT', '/v1/strategies/momentum_v1/limits', {
      limits: {
        max_trades_per_day: 5,
        stop_loss_guard: { count: 2, lookback_minutes: 60, duration_minutes: 30, locks: 'side' },
      },
      reason: 'new model',
    })
    expect(set).toMatchObject({
      status: 200,
      body: {
        data: {
          strategy_id: 'momentum_v1',
          limits: {
            max_trades_per_day: 5,
            max_drawdown: '0.15',
            stop_loss_guard: { count: 2, locks: 'side' },
          },
          overrides: { max_trades_per_day: 5 },
          inherited: { max_trades_per_day: 20, stop_loss_guard: { count: null } },
          updated_by: api.users.risk.email,
        },
      },
    })
    const global = await call('admin', 'PUT', '/v1/risk/limits', {
      limits: { max_trades_per_day: 12, max_daily_loss: '0.03' },
      reason: 'rough week',
    })
    expect(global.status).toBe(200)
    const seen = await call('trader', 'GET', '/v1/strategies/momentum_v1/limits')
    expect(seen.body).toMatchObject({
      data: {
        limits: { max_trades_per_day: 5, max_daily_loss: '0.03' },
        inherited: { max_trades_per_day: 12 },
      },
    })
    const status = await call('trader', 'GET', '/api/risk/status')
    expect(status.body).toMatchObject({ limits: { max_trades_per_day: 12, max_daily_loss_pct: 3 } })
    // What is not named falls back.
    await call('risk', 'PUT', '/v1/strategies/momentum_v1/limits', { limits: {}, reason: 'back to normal' })
    const after = await call('viewer', 'GET', '/v1/risk/limits')
    expect(after.body).toMatchObject({ data: { strategy_id: null, overrides: { max_daily_loss: '0.03' } } })
    const { entries } = await listAudit(
      api.deps.db.kysely,
      { action: 'limits.set' },
      { limit: 10, offset: 0 },
    )
    expect(entries.map(({ entityId, reason }) => [entityId, reason])).toEqual([
      ['momentum_v1', 'back to normal'],
      ['global', 'rough week'],
      ['momentum_v1', 'new model'],
    ])
  })

  it('refuses limits that are no limits or contradict each other, and changes nothing', async () => {
    const put = (limits: object) =>
      call('risk', 'PUT', '/v1/strategies/momentum_v1/limits', { limits, reason: 'try' })
    for (const limits of [
      { max_drawdown: '0' },
      { max_drawdown: '1.5' },
      { max_drawdown: 0.2 },
      { max_drawdown: '1e-3' },
      { max_trades_per_day: 0 },
      { max_trades_per_day: 2.5 },
      { no_such_limit: 1 },
      { deny_symbols: 'AAPL' },
      // The warning would come after the trip.
      { max_drawdown: '0.08' },
    ]) {
      expect([limits, (await put(limits)).status]).toEqual([limits, 400])
    }
    expect(
      (await call('trader', 'PUT', '/v1/strategies/momentum_v1/limits', { limits: {}, reason: 'x' })).status,
    ).toBe(403)
    expect(
      (await call('risk', 'PUT', '/v1/strategies/nobody/limits', { limits: {}, reason: 'x' })).status,
    ).toBe(404)
    const { body } = await call('trader', 'GET', '/v1/strategies/momentum_v1/limits')
    expect(body).toMatchObject({ data: { overrides: {} } })
  })
})
