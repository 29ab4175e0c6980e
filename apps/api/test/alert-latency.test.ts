import { insertInstrument, insertStrategy } from '@quantdeck/db'
import { Decimal, ensureDefined, systemClock, usdRateOf } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { SimulatedExchange } from '../src/broker/simulated-exchange.ts'
import { price as quote, setLimits } from './desk/acts.ts'
import { ACME, strategy, TestBroker } from './desk/house.ts'
import { NOBODY, startTestApi, type TestApi } from './harness.ts'
import { WebhookReceiver } from './harness/webhook-receiver.ts'

/** The promise: whatever an alert tells of was told within this time, by the API and by a webhook. */
const WITHIN_MS = 5_000
const QUANTITY = 100
const CAPITAL = 30_000

interface Shown {
  alert_id: string
  kind: string
  code: string
  severity: string
  strategy_id: string | null
  created_at: string
  resolved_at: string | null
  context: Record<string, unknown>
}

/** The whole server on the clock of this machine, everything that looks by itself running. */
describe('every rule tells within five seconds', () => {
  let api: TestApi
  let broker: TestBroker
  let receiver: WebhookReceiver
  let admin: string
  const seen = new Set<string>()

  beforeAll(async () => {
    receiver = await WebhookReceiver.start()
    const exchange = new SimulatedExchange({
      instrumentOf: (symbol) => api.deps.desk.instrument(symbol),
      usdRateOf,
      costs: { slippageBps: 0, feeBps: 0, minimumFeeUsd: 0 },
    })
    broker = new TestBroker(exchange, systemClock)
    api = await startTestApi({
      openBroker: () => broker,
      logLevel: 'warn',
      env: { WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8' },
    })
    const { kysely } = api.deps.db
    await insertInstrument(kysely, ACME)
    // Prices of it are late after two seconds.
    await insertInstrument(kysely, { ...ACME, symbol: 'QUICK', barIntervalSeconds: 1 })
    const allocatedCapital = new Decimal(CAPITAL)
    for (const strategyId of ['falls', 'loses', 'warns', 'streak', 'stuck', 'silent', 'feeds'])
      await insertStrategy(
        kysely,
        strategy({
          strategyId,
          allocatedCapital: allocatedCapital.div(3),
          updatedAt: systemClock.now(),
          universe: strategyId === 'feeds' ? ['QUICK'] : ['ACME'],
          config: strategyId === 'silent' ? { inference_interval_seconds: 1 } : {},
        }),
      )
    await setLimits(api.deps, { lossStreak: 2, maxRiskPerTrade: '1', assumedRiskWithoutStop: '0.01' })
    api.deps.desk.invalidate()
    admin = await api.enter(api.users.admin.userId)
    await api.confirm(admin)
    const made = await call('POST', '/v1/webhooks', {
      name: 'duty',
      url: receiver.url,
      format: 'json',
      min_severity: 'INFO',
    })
    receiver.secret = (made as { data: { secret: string } }).data.secret
    await price('ACME', 100)
    api.house.deskWatch.start()
  }, 180_000)
  afterAll(async () => {
    await api?.close()
    await receiver?.close()
  })

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await api.call(method, path, { token: admin, ...(body !== undefined && { body }) })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }

  async function price(symbol: string, value: number): Promise<void> {
    await quote({ desk: api.deps.desk, broker, clock: systemClock }, symbol, value)
  }

  async function trade(strategyId: string, side: 'BUY' | 'SELL', quantity = QUANTITY / 2): Promise<void> {
    await call('POST', '/v1/orders', {
      strategy_id: strategyId,
      symbol: 'ACME',
      side,
      quantity: String(quantity),
      order_type: 'MARKET',
      allow_duplicate: true,
      ...(side === 'SELL' && { reduce_only: true }),
    })
  }

  async function setRule(kind: string, change: object): Promise<void> {
    const { data } = (await call('GET', '/v1/alert-rules')) as { data: { rule_id: string; kind: string }[] }
    const rule = ensureDefined(
      data.find((one) => one.kind === kind),
      kind,
    )
    await call('PATCH', `/v1/alert-rules/${rule.rule_id}`, change)
  }

  async function alerts(): Promise<Shown[]> {
    return ((await call('GET', '/v1/alerts?per_page=100')) as { data: Shown[] }).data
  }

  /** Waits until the API shows the alert and the webhook has it. @returns it, after how long */
  async function told(
    sinceMs: number,
    { kind, code, strategyId }: { kind: string; code: string; strategyId?: string },
  ): Promise<Shown> {
    for (;;) {
      const found = (await alerts()).find(
        (one) => one.code === code && (strategyId === undefined || one.strategy_id === strategyId),
      )
      const isSent = receiver.distinct.some(({ body }) => body.data['alert_id'] === found?.alert_id)
      if (found !== undefined && isSent) {
        expect(found.kind).toBe(kind)
        expect(performance.now() - sinceMs).toBeLessThan(WITHIN_MS)
        seen.add(kind)
        return found
      }
      if (performance.now() - sinceMs > 2 * WITHIN_MS) throw new Error(`${code} was not told in 10 s`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  const now = () => performance.now()

  it('of a drawdown warning and a daily loss at thresholds of their own, and of the engine', async () => {
    await setRule('drawdown_warning', { threshold: '3' })
    await setRule('daily_loss', { threshold: '2' })
    await trade('warns', 'BUY')
    await price('ACME', 93)
    const own = now()
    const warning = await told(own, {
      kind: 'drawdown_warning',
      code: 'DRAWDOWN_WARNING',
      strategyId: 'warns',
    })
    expect(warning.context).toMatchObject({ current_drawdown: '-3.50', threshold: '-3' })
    const loss = await told(own, { kind: 'daily_loss', code: 'DAILY_LOSS_WARNING', strategyId: 'warns' })
    expect(loss.context).toMatchObject({ daily_pnl: '-3.50', threshold: '-2' })
    await price('ACME', 100)
    await trade('warns', 'SELL')
    await setRule('drawdown_warning', { threshold: null })
    await setRule('daily_loss', { threshold: null })

    await trade('falls', 'BUY', QUANTITY - 1)
    const fall = now()
    await price('ACME', 89)
    await told(fall, { kind: 'drawdown_warning', code: 'DRAWDOWN_WARNING', strategyId: 'falls' })
    await told(fall, { kind: 'daily_loss', code: 'DAILY_LOSS_LIMIT', strategyId: 'falls' })
    const trip = now()
    await price('ACME', 84)
    await told(trip, { kind: 'kill_switch', code: 'KILL_SWITCH_DRAWDOWN', strategyId: 'falls' })
    await price('ACME', 100)
  }, 60_000)

  it('of a cooldown', async () => {
    for (const worse of [99, 98]) {
      await price('ACME', worse + 1)
      await trade('streak', 'BUY', 10)
      await price('ACME', worse)
      await trade('streak', 'SELL', 10)
    }
    await told(now(), { kind: 'cooldown', code: 'COOLDOWN_STARTED', strategyId: 'streak' })
    await price('ACME', 100)
  }, 30_000)

  it('of a silent feed, once, and that it is back', async () => {
    await price('QUICK', 10)
    // Two bars of a second: from then on it is late.
    const lateMs = now() + 3_000
    const down = await told(lateMs, { kind: 'feed_stale', code: 'FEED_DOWN' })
    await price('QUICK', 10)
    await expect
      .poll(async () => (await alerts()).find((one) => one.alert_id === down.alert_id)?.resolved_at, {
        timeout: WITHIN_MS,
      })
      .toEqual(expect.any(String))
    await setRule('feed_stale', { enabled: false })
  }, 30_000)

  it('of a fill that no order of ours asked for', async () => {
    const start = now()
    await api.deps.desk.onBrokerEvents([
      {
        type: 'fill',
        clientOrderId: 'nobody',
        brokerOrderId: 'b-1',
        brokerTradeId: 't-1',
        quantity: new Decimal(1),
        price: new Decimal(100),
        fee: new Decimal(0),
        at: systemClock.now(),
      },
    ])
    await told(start, { kind: 'reconciliation_mismatch', code: 'UNKNOWN_FILL' })
  }, 30_000)

  it('of a model that repeats one action, and of one that falls silent, once an outage', async () => {
    const spread = Array.from({ length: 500 }, (_, n) => (n % 200) / 100 - 1)
    await call('PUT', '/v1/models/stuck/baseline', { actions: spread })
    const post = (strategy: string, actions: number[]) =>
      call('POST', '/api/inferences', {
        inferences: actions.map((action) => ({ strategy_code: strategy, action })),
      })
    const start = now()
    await post(
      'stuck',
      Array.from({ length: 100 }, () => 0.5),
    )
    await told(start, { kind: 'model_health', code: 'MODEL_CRITICAL', strategyId: 'stuck' })

    const outages = async () =>
      (await alerts()).filter(({ code, strategy_id }) => code === 'MODEL_SILENT' && strategy_id === 'silent')
    await post('silent', [0.1])
    const known = new Set((await outages()).map(({ alert_id }) => alert_id))
    const isStale = async () =>
      (
        (await call('GET', '/api/monitor/health')) as { models: { model_id: string; stale: boolean }[] }
      ).models.find(({ model_id }) => model_id === 'silent')?.stale
    expect(await isStale()).toBe(false)
    // Silent after three intervals of a second, told within five more; and then not again.
    await expect.poll(isStale, { timeout: 5_000 }).toBe(true)
    await expect.poll(async () => (await outages()).length, { timeout: WITHIN_MS }).toBe(known.size + 1)
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    const during = (await outages()).filter(({ alert_id }) => !known.has(alert_id))
    expect(during).toHaveLength(1)
    await post('silent', [0.2])
    await expect
      .poll(async () => (await outages()).find((one) => one.alert_id === during[0]?.alert_id)?.resolved_at, {
        timeout: WITHIN_MS,
      })
      .toEqual(expect.any(String))
  }, 60_000)

  it('of bars that cannot be true', async () => {
    const start = now()
    const at = new Date(Math.floor(systemClock.nowMs() / 300_000) * 300_000 - 300_000)
    await call('POST', '/v1/market-data/bars', {
      symbol: 'ACME',
      interval_seconds: 300,
      bars: [{ opened_at: at.toISOString(), open: '100', high: '99', low: '101', close: '100', volume: '1' }],
    })
    await told(start, { kind: 'bad_bars', code: 'BAD_BAR' })
  }, 30_000)

  it('of wrong passwords, and of a refresh token that comes back', async () => {
    const start = now()
    const login = (password: string) =>
      api.call('POST', '/v1/auth/login', { body: { email: api.users.viewer.email, password } })
    const { sessions } = api.deps.auth
    for (let n = 0; n < 5; n += 1) await login('wrong password')
    await told(start, { kind: 'login_anomaly', code: 'LOGIN_FAILURES' })
    const link = await sessions.createLoginLink(api.users.trader.userId)
    const first = await sessions.loginWithLink(link, NOBODY)
    const refresh = (token: string) => api.call('POST', '/v1/auth/refresh', { token })
    const second = (await refresh(first.refreshToken)).body as { refresh_token: string }
    await refresh(second.refresh_token)
    const reuse = now()
    expect((await refresh(first.refreshToken)).status).toBe(401)
    await told(reuse, { kind: 'refresh_reuse', code: 'REFRESH_TOKEN_REUSED' })
  }, 30_000)

  it('of a kill switch; and there is no kind that was not told', async () => {
    const start = now()
    await call('POST', '/v1/controls/kill-switch', { action: 'activate', reason: 'drill' })
    await told(start, { kind: 'kill_switch', code: 'KILL_SWITCH_ACTIVATED' })
    expect(receiver.received.every(({ isVerified }) => isVerified)).toBe(true)
    const { data } = (await call('GET', '/v1/alert-rules')) as { data: { kind: string }[] }
    const rules = new Set(data.map(({ kind }) => kind))
    rules.delete('other')
    expect([...seen].sort()).toEqual([...rules].sort())
  }, 30_000)
})
