import {
  getAuditHead,
  insertInstrument,
  insertOrders,
  insertStrategy,
  insertUser,
  listAlerts,
  listAudit,
  listOrders,
  listSealedAudit,
  verifyAuditChain,
} from '@quantdeck/db'
import {
  describeEngines,
  describePostgres,
  sampleInstrument,
  sampleOrder,
  sampleStrategy,
} from '@quantdeck/db/testing'
import { Decimal, VirtualClock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PASSWORD, startTestApi, type Answer, type TestApi } from './harness.ts'

const KILL = '/v1/controls/kill-switch'
const TRANSITION = '/v1/controls/mode-transition'
const APPROVALS = '/v1/controls/approvals'

interface Bench {
  api: TestApi
  admin: string
  approver: string
  clock: VirtualClock
}

async function startBench(engine: 'pglite' | 'postgres'): Promise<Bench> {
  const clock = new VirtualClock(new Date('2026-01-07T16:30:00Z'))
  const api = await startTestApi({ engine, clock })
  const { kysely } = api.deps.db
  await insertInstrument(
    kysely,
    sampleInstrument({
      symbol: 'BTC/USD',
      contractType: 'CRYPTO',
      calendar: '24/7',
      barIntervalSeconds: 300,
    }),
  )
  const common = { universe: ['BTC/USD'], config: {}, allocatedCapital: new Decimal(10_000) }
  await insertStrategy(kysely, sampleStrategy(common))
  await insertStrategy(kysely, sampleStrategy({ ...common, strategyId: 'other' }))
  const passwordHash = await api.deps.auth.passwords.hash(PASSWORD)
  const now = clock.now()
  const email = 'approver@example.com'
  const second = { userId: randomUUID(), email, name: 'Approver', role: 'admin' as const }
  await insertUser(kysely, { ...second, passwordHash, createdAt: now, updatedAt: now })
  await api.deps.db.executeSql(`update accounts set initial_capital = 100000 where mode = 'LIVE'`)
  const login = await api.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } })
  return {
    api,
    clock,
    admin: await api.login('admin'),
    approver: (login.body as { access_token: string }).access_token,
  }
}

const data = (answer: Answer) => (answer.body as { data: Record<string, unknown> }).data

describeEngines('controls', (engine) => {
  let bench: Bench
  beforeEach(async () => {
    bench = await startBench(engine)
  })
  afterEach(() => bench?.api.close())

  const post = (path: string, body: unknown, token = bench.admin) =>
    bench.api.call('POST', path, { token, body })
  const kill = (body: object, token?: string) => post(KILL, { reason: 'storm', ...body }, token)

  it('stops a strategy once, however often it is asked, with one audit row and one CRITICAL alert', async () => {
    const body = { action: 'activate', strategy_id: 'momentum_v1' }
    const first = await kill(body)
    expect(first.status).toBe(200)
    expect(first.body).toEqual({
      message: 'Kill switch activated for momentum_v1',
      data: {
        kill_switch_active: true,
        affected_strategies: ['momentum_v1'],
        activated_at: '2026-01-07T16:30:00Z',
        deactivated_at: null,
      },
    })
    bench.clock.advanceBy(60_000)
    const again = await kill(body)
    expect(data(again)).toMatchObject({ kill_switch_active: true, activated_at: '2026-01-07T16:30:00Z' })
    const { kysely } = bench.api.deps.db
    const page = { limit: 10, offset: 0 }
    expect((await listAudit(kysely, { entity: 'kill_switch' }, page)).totalCount).toBe(1)
    expect((await listAlerts(kysely, { visible: 'all', severity: 'CRITICAL' }, page)).totalCount).toBe(1)
  })

  it('never loosens a stop by activating a milder one, and hardens a mild one', async () => {
    await kill({ action: 'activate', level: 'reduce' })
    await kill({ action: 'activate', level: 'halt' })
    await kill({ action: 'activate', level: 'reduce' })
    const status = await bench.api.call('GET', KILL, { token: await bench.api.login('viewer') })
    expect(data(status)).toMatchObject({
      kill_switch_active: true,
      level: 'HALTED',
      scopes: [{ scope: 'global' }],
    })
  })

  it('releases one scope and leaves the other', async () => {
    await kill({ action: 'activate' })
    await kill({ action: 'activate', strategy_id: 'other' })
    const released = await kill({ action: 'deactivate', strategy_id: 'other' })
    expect(released.body).toMatchObject({
      message: 'Kill switch deactivated for other',
      data: { kill_switch_active: true, affected_strategies: [] },
    })
    const all = await kill({ action: 'deactivate' })
    expect(data(all)).toMatchObject({
      kill_switch_active: false,
      affected_strategies: ['momentum_v1', 'other'],
    })
  })

  it('tells before a release what would trade again and what another scope still holds', async () => {
    const preview = async (query = '') =>
      data(await bench.api.call('GET', `${KILL}/release-preview${query}`, { token: bench.admin }))
    await kill({ action: 'activate' })
    await kill({ action: 'activate', strategy_id: 'other', level: 'reduce' })
    expect(await preview()).toMatchObject({
      scope: 'global',
      level: 'HALTED',
      strategies: [
        { strategy_id: 'momentum_v1', before: 'HALTED', after: 'ACTIVE', blocks: [] },
        {
          strategy_id: 'other',
          before: 'HALTED',
          after: 'REDUCING',
          would_trade: false,
          blocks: [{ code: 'TRADING_STATE_REDUCING' }],
        },
      ],
    })
    // The global switch holds whatever becomes of the strategy's own.
    expect(await preview('?strategy_id=other')).toMatchObject({ level: 'REDUCING', strategies: [] })
    const status = await bench.api.call('GET', KILL, { token: bench.admin })
    expect(data(status)).toMatchObject({ level: 'HALTED' })
    const trader = await bench.api.login('trader')
    expect((await bench.api.call('GET', `${KILL}/release-preview`, { token: trader })).status).toBe(403)
  })

  it('is activated by risk or admin and released by an admin who is a person', async () => {
    const [risk, trader] = [await bench.api.login('risk'), await bench.api.login('trader')]
    expect((await kill({ action: 'activate' }, trader)).status).toBe(403)
    expect((await kill({ action: 'activate' }, risk)).status).toBe(200)
    expect((await kill({ action: 'deactivate' }, risk)).status).toBe(403)
    await bench.api.confirm(bench.admin)
    const key = await post('/v1/api-keys', { name: 'robot', scopes: ['admin'] })
    expect((await kill({ action: 'deactivate' }, String(data(key)['key']))).status).toBe(403)
    expect((await kill({ action: 'activate', strategy_id: 'nothing' })).status).toBe(404)
    expect((await post(KILL, { action: 'activate' })).status).toBe(400)
  })

  it('lets no order leave while it is active', async () => {
    await kill({ action: 'activate', strategy_id: 'momentum_v1' })
    await bench.api.deps.db.executeSql(
      `insert into marks (symbol, price, at, source) values ('BTC/USD', 100, '2026-01-07T16:29:59Z', 'test')`,
    )
    bench.api.deps.desk.invalidate()
    const order = { symbol: 'BTC/USD', side: 'BUY', quantity: '1', order_type: 'MARKET' }
    const refused = await post('/v1/orders', { ...order, strategy_id: 'momentum_v1' })
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ error: { details: [{ code: 'TRADING_HALTED' }] } })
    await kill({ action: 'deactivate', strategy_id: 'momentum_v1' })
    const passed = await post('/v1/orders', { ...order, strategy_id: 'momentum_v1' })
    expect(passed.text).not.toContain('TRADING_HALTED')
  })

  async function approved(): Promise<string> {
    const request = { strategy_id: 'momentum_v1', from_mode: 'PAPER', to_mode: 'LIVE', reason: 'ready' }
    const asked = await post(APPROVALS, request)
    expect(asked.status).toBe(201)
    const path = `${APPROVALS}/${String(data(asked)['approval_id'])}/approve`
    expect((await post(path, undefined)).status).toBe(403)
    const answer = await post(path, undefined, bench.approver)
    expect(answer.status).toBe(200)
    expect((await post(path, undefined, bench.approver)).status).toBe(409)
    return String(data(answer)['approval_code'])
  }
  const goLive = (approval_code?: string) =>
    post(TRANSITION, { strategy_id: 'momentum_v1', from_mode: 'PAPER', to_mode: 'LIVE', approval_code })

  it('moves a strategy to LIVE with the code of another admin, once', async () => {
    expect((await goLive()).status).toBe(400)
    expect((await goLive('AAAAAAAA')).status).toBe(403)
    const code = await approved()
    const moved = await goLive(code)
    expect(moved.body).toEqual({
      message: 'Strategy transitioned to LIVE mode',
      data: { strategy_id: 'momentum_v1', mode: 'LIVE', transitioned_at: '2026-01-07T16:30:00Z' },
    })
    expect((await goLive(code)).status).toBe(409)
    const back = { strategy_id: 'momentum_v1', from_mode: 'LIVE', to_mode: 'PAPER' }
    expect((await post(TRANSITION, back)).status).toBe(200)
    expect((await goLive(code)).status).toBe(403)
    const list = await bench.api.call('GET', `${APPROVALS}?status=USED`, { token: bench.admin })
    expect(list.body).toMatchObject({
      data: [{ requested_by: 'admin@example.com', approved_by: 'approver@example.com' }],
      meta: { total_count: 1 },
    })
  })

  it('ends a code after ten minutes, after five wrong tries, and with a changed configuration', async () => {
    const late = await approved()
    bench.clock.advanceBy(10 * 60_000)
    expect((await goLive(late)).status).toBe(403)
    const guessed = await approved()
    for (let n = 0; n < 5; n++) expect((await goLive('AAAAAAAA')).status).toBe(403)
    expect((await goLive(guessed)).status).toBe(403)
    const stale = await approved()
    const change = { config: { stop_loss_pct: '9' } }
    await bench.api.call('PATCH', '/v1/strategies/momentum_v1', { token: bench.admin, body: change })
    expect((await goLive(stale)).status).toBe(409)
  })

  it('refuses a transition of what is not flat, does not fit or is in another mode', async () => {
    const order = { strategyId: 'momentum_v1', mode: 'PAPER' as const }
    const working = {
      status: 'SUBMITTED' as const,
      filledQuantity: new Decimal(0),
      averageFillPrice: null,
      filledAt: null,
    }
    await insertOrders(bench.api.deps.db.kysely, [sampleOrder({ ...order, ...working })])
    const leave = { strategy_id: 'momentum_v1', from_mode: 'PAPER', to_mode: 'BACKTEST' }
    const held = await post(TRANSITION, leave)
    expect([held.status, held.text.includes('1 working orders')]).toEqual([409, true])
    expect((await post(TRANSITION, { ...leave, from_mode: 'LIVE', to_mode: 'PAPER' })).status).toBe(409)
    await insertStrategy(
      bench.api.deps.db.kysely,
      sampleStrategy({
        strategyId: 'huge',
        mode: 'BACKTEST',
        status: 'inactive',
        allocatedCapital: new Decimal(80_001),
      }),
    )
    const huge = await post(TRANSITION, { strategy_id: 'huge', from_mode: 'BACKTEST', to_mode: 'PAPER' })
    expect([huge.status, huge.text.includes('80000.00 USD unallocated')]).toEqual([409, true])
  })

  it('chains what was done', async () => {
    await kill({ action: 'activate' })
    await kill({ action: 'deactivate' })
    await bench.api.house.sealer.flush()
    const { kysely } = bench.api.deps.db
    const chain = await listSealedAudit(kysely, 0, 1000)
    expect(verifyAuditChain(chain, { head: await getAuditHead(kysely) }).ok).toBe(true)
    expect(chain.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['kill_switch.activate', 'kill_switch.deactivate']),
    )
  })
})

describePostgres('controls under contention', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await startBench('postgres')
  })
  afterEach(() => bench?.api.close())

  it('give a code to one of fifty that use it at once', async () => {
    const { api, admin, approver } = bench
    const transition = { strategy_id: 'momentum_v1', from_mode: 'PAPER', to_mode: 'LIVE' }
    const asked = await api.call('POST', APPROVALS, { token: admin, body: { ...transition, reason: 'r' } })
    const path = `${APPROVALS}/${String(data(asked)['approval_id'])}/approve`
    const approval_code = data(await api.call('POST', path, { token: approver }))['approval_code']
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        api.call('POST', TRANSITION, { token: admin, body: { ...transition, approval_code } }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409 || status === 403)).toHaveLength(49)
  })

  it('store no order as sent after the acknowledged activation', async () => {
    const { api, admin, clock } = bench
    await api.deps.db.executeSql(
      `insert into marks (symbol, price, at, source) values ('BTC/USD', 100, '2026-01-07T16:29:59Z', 'test')`,
    )
    api.deps.desk.invalidate()
    const submit = (n: number) =>
      api.call('POST', '/v1/orders', {
        token: admin,
        body: {
          strategy_id: 'momentum_v1',
          symbol: 'BTC/USD',
          side: 'BUY',
          quantity: String(n + 1),
          order_type: 'LIMIT',
          limit_price: '99.00',
        },
      })
    const early = Array.from({ length: 5 }, (_, n) => submit(n))
    const [stopped] = await Promise.all([
      api.call('POST', KILL, {
        token: admin,
        body: { action: 'activate', reason: 'r', on_activate: 'none' },
      }),
      ...early,
    ])
    expect(stopped.status).toBe(200)
    clock.advanceBy(1_000)
    const after = await Promise.all(Array.from({ length: 5 }, (_, n) => submit(n + 20)))
    expect(after.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422])
    const late = { visible: 'all' as const, from: clock.now() }
    const { orders } = await listOrders(api.deps.db.kysely, late, { limit: 100, offset: 0 })
    expect(orders.map(({ status }) => status)).toEqual(Array(5).fill('REJECTED'))
  })
})
