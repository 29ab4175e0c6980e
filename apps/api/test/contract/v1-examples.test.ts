import { v1Fixtures, type Fixture } from '@quantdeck/contracts/fixtures'
import type { DatabaseKind } from '@quantdeck/db'
import { describeEngines } from '@quantdeck/db/testing'
import { VirtualClock } from '@quantdeck/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { startTestApi, type Answer, type TestApi } from '../harness.ts'
import { differencesFromExample } from '../harness/like-example.ts'
import { eventually, seedCatalog, stock } from '../harness/seed.ts'
import { startV1State, V1_USER, type V1State } from '../harness/v1-state.ts'

type Name = keyof typeof v1Fixtures
type Scenario = (state: V1State) => Promise<Answer>

const get =
  (path: string): Scenario =>
  ({ api, token }) =>
    api.call('GET', path, { token })

/** The example's own body, or with what cannot be literal (a one-time code) put in. */
const send =
  (method: string, path: string, name: Name, over: object = {}): Scenario =>
  ({ api, token }) =>
    api.call(method, path, { token, body: { ...(v1Fixtures[name].value as object), ...over } })

async function idOf({ api, token }: V1State, path: string, field: string): Promise<string> {
  const { body } = await api.call('GET', path, { token })
  return (body as { data: Record<string, string>[] }).data[0]?.[field] ?? 'none'
}

/** The document's own run: momentum_v1 over 2024 and 2025, waited for. */
async function finishedRun(state: V1State): Promise<string> {
  const { body } = await send('POST', '/v1/runs', 'runCreateRequest')(state)
  const runId = (body as { data: { run_id: string } }).data.run_id
  await eventually(async () => {
    const { body: answer } = await get(`/v1/runs/${runId}`)(state)
    return (answer as { data: { status: string } }).data.status !== 'RUNNING'
  }, 'the end of the run')
  return runId
}

/** momentum_v1 without positions or orders: the only state in which a mode may change. */
async function onFlatBooks(engine: DatabaseKind, act: (api: TestApi, token: string) => Promise<Answer>) {
  const clock = new VirtualClock(new Date('2026-01-25T22:35:00Z'))
  const api = await startTestApi({ engine, clock })
  try {
    await seedCatalog(
      api.deps,
      [stock('AAPL')],
      [{ strategyId: 'momentum_v1', name: 'Momentum Strategy V1', universe: ['AAPL'], capital: '50000' }],
    )
    return await act(api, await api.login('admin'))
  } finally {
    await api.close()
  }
}

async function transition(api: TestApi, token: string): Promise<Answer> {
  const { approval_code: _literal, ...body } = v1Fixtures.modeTransitionRequest.value as Record<
    string,
    string
  >
  const { strategy_id, from_mode, to_mode } = body
  const asked = await api.call('POST', '/v1/controls/approvals', {
    token,
    body: { strategy_id, from_mode, to_mode, reason: 'six quiet months on paper' },
  })
  const { approval_id: id } = (asked.body as { data: { approval_id: string } }).data
  const approved = await api.call('POST', `/v1/controls/approvals/${id}/approve`, {
    token: await loginApprover(api),
  })
  const { approval_code } = (approved.body as { data: { approval_code: string } }).data
  return api.call('POST', '/v1/controls/mode-transition', { token, body: { ...body, approval_code } })
}

/** Four eyes: the code comes from another admin than the one who asked. */
async function loginApprover(api: TestApi): Promise<string> {
  await api.deps.db.kysely
    .updateTable('users')
    .set({ role: 'admin' })
    .where('userId', '=', api.users.risk.userId)
    .execute()
  return api.login('risk')
}

/** Fills the window at 0 s and asks again at 18 s: free again in the document's 42 seconds. */
async function overTheLimit(engine: DatabaseKind): Promise<Answer> {
  const clock = new VirtualClock(new Date('2026-01-25T22:34:59.750Z'))
  const api = await startTestApi({ engine, clock, env: { RATE_LIMITS: 'documented' } })
  try {
    const token = await api.login('viewer')
    for (let request = 0; request < 100; request += 1) {
      const { status, headers } = await api.call('GET', '/v1/strategies', { token })
      expect(status).toBe(200)
      if (request === 4) expect(headers.get('x-ratelimit-remaining')).toBe('95')
    }
    clock.advanceBy(18_250)
    return await api.call('GET', '/v1/strategies', { token })
  } finally {
    await api.close()
  }
}

/** Every example of the document that shows an answer, in an order in which they do not disturb each other. */
const answers = (engine: DatabaseKind): Record<Exclude<Name, `${string}Request`>, Scenario> => ({
  loginResponse: ({ api }) => api.call('POST', '/v1/auth/login', { body: V1_USER }),
  loginFailure: ({ api }) =>
    api.call('POST', '/v1/auth/login', { body: { ...V1_USER, password: 'wrong password' } }),
  refreshResponse: async ({ api }) => {
    const { body } = await api.call('POST', '/v1/auth/login', { body: V1_USER })
    return api.call('POST', '/v1/auth/refresh', { token: (body as { refresh_token: string }).refresh_token })
  },
  metricsSummary: get('/v1/metrics/summary?period=1m'),
  strategyList: get('/v1/strategies'),
  strategyDetail: get('/v1/strategies/momentum_v1'),
  positionList: get('/v1/positions'),
  positionDetail: async (state) =>
    get(`/v1/positions/${await idOf(state, '/v1/positions?symbol=AAPL', 'position_id')}`)(state),
  orderList: get('/v1/orders?status=FILLED&strategy_id=momentum_v1&per_page=1'),
  alertList: get('/v1/alerts?severity=CRITICAL'),
  alertAcknowledgeResponse: async (state) => {
    const id = await idOf(state, '/v1/alerts?severity=CRITICAL', 'alert_id')
    return state.api.call('PATCH', `/v1/alerts/${id}/acknowledge`, { token: state.token })
  },
  health: get('/v1/health'),
  validationError: ({ api, token }) =>
    api.call('POST', '/v1/orders', {
      token,
      body: { strategy_id: 'momentum_v1', symbol: 'AAPL', side: 'BUY', quantity: '-1', order_type: 'MARKET' },
    }),
  rateLimitError: () => overTheLimit(engine),
  runCreateResponse: send('POST', '/v1/runs', 'runCreateRequest'),
  runList: async (state) => {
    await finishedRun(state)
    return get('/v1/runs?run_type=BACKTEST&status=COMPLETED')(state)
  },
  runDetail: async (state) => get(`/v1/runs/${await finishedRun(state)}`)(state),
  killSwitchResponse: send('POST', '/v1/controls/kill-switch', 'killSwitchRequest'),
  strategyUpdateResponse: send('PATCH', '/v1/strategies/momentum_v1', 'strategyUpdateRequest'),
  modeTransitionResponse: () => onFlatBooks(engine, transition),
})

/** Every example of a request, which the server takes as it stands (but for the one-time code). */
const requests = (engine: DatabaseKind): Record<Extract<Name, `${string}Request`>, Scenario> => ({
  loginRequest: ({ api }) =>
    api.call('POST', '/v1/auth/login', { body: v1Fixtures.loginRequest.value as object }),
  strategyUpdateRequest: send('PATCH', '/v1/strategies/momentum_v1', 'strategyUpdateRequest'),
  runCreateRequest: send('POST', '/v1/runs', 'runCreateRequest'),
  killSwitchRequest: send('POST', '/v1/controls/kill-switch', 'killSwitchRequest'),
  modeTransitionRequest: () => onFlatBooks(engine, transition),
})

describeEngines('every example of the v1 document over HTTP', (engine) => {
  let state: V1State

  beforeAll(async () => {
    state = await startV1State(engine)
  })

  afterAll(() => state.api.close())

  it('shows the AAPL position of the document to the cent', async () => {
    const { body } = await get('/v1/positions?symbol=AAPL')(state)
    const [example] = (v1Fixtures.positionList.value as { data: [Record<string, unknown>] }).data
    const { position_id: _id, ...expected } = example
    expect((body as { data: unknown[] }).data).toEqual([expect.objectContaining(expected)])
    expect(expected).toMatchObject({
      unrealized_pnl: '555.00',
      unrealized_pnl_pct: '3.69',
      market_value: '15580.00',
      days_held: 5,
    })
  })

  it('derives its stop, target and what they are worth from the configuration', async () => {
    const { body } = await answers(engine).positionDetail(state)
    const { risk_metrics, entry_orders } = (body as { data: Record<string, unknown> }).data
    expect(risk_metrics).toEqual({
      stop_loss_price: '147.25',
      take_profit_price: '157.76',
      max_loss: '-300.00',
      max_profit: '751.00',
    })
    expect(entry_orders).toEqual([
      expect.objectContaining({ filled_at: '2026-01-20T14:30:00Z', quantity: '100.00', price: '150.25' }),
    ])
  })

  it.each(Object.entries(answers(engine)))('answers like %s', async (name, scenario) => {
    const fixture: Fixture = v1Fixtures[name as Name]
    const answer = await scenario(state)
    expect(answer.status, answer.text).toBe(fixture.status)
    expect(differencesFromExample(answer.body, fixture)).toEqual([])
  })

  it.each(Object.entries(requests(engine)))('takes %s as it stands', async (_name, scenario) => {
    const { status, text } = await scenario(state)
    expect([200, 201, 202], text).toContain(status)
  })

  it('fails a login with the literal body, and says in the literal words when a limit is over', async () => {
    expect((await answers(engine).loginFailure(state)).text).toBe('{"detail":"Invalid credentials"}')
    const { headers, body } = await overTheLimit(engine)
    expect(body).toEqual({
      ...(v1Fixtures.rateLimitError.value as object),
      request_id: headers.get('x-request-id'),
    })
    expect(headers.get('retry-after')).toBe('42')
    expect(headers.get('x-ratelimit-limit')).toBe('100')
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
    expect(headers.get('x-ratelimit-reset')).toBe(String(Date.parse('2026-01-25T22:36:00Z') / 1000))
  })

  it('names the field of invalid input as the document does', async () => {
    const { body } = await answers(engine).validationError(state)
    const { details } = (body as { error: { details: { field: string }[] } }).error
    expect(details.map(({ field }) => field)).toEqual(['quantity'])
  })
})
