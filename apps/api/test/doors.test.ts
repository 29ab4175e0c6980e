import { insertStrategy, listAudit } from '@quantdeck/db'
import { sampleStrategy } from '@quantdeck/db/testing'
import { MINUTE_MS, SECOND_MS, VirtualClock } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

import { PASSWORD, startTestApi, type Answer, type TestApi } from './harness.ts'

const clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))

/** How a stream ends up: its first message, or its close code, or the HTTP status that refused it. */
function stream(api: TestApi, path: string, headers: Record<string, string> = {}): Promise<string | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}`, { headers })
    const done = (value: string | number) => {
      resolve(value)
      socket.terminate()
    }
    socket.on('message', (data) => done((JSON.parse(String(data)) as { type: string }).type))
    socket.on('unexpected-response', (_request, response) => done(response.statusCode ?? 0))
    socket.on('close', (code) => resolve(code))
    socket.on('error', () => {})
  })
}

describe('a stream ticket', () => {
  let api: TestApi
  beforeAll(async () => {
    // With a Forwarded header nobody is anonymous: only the ticket can open the stream.
    api = await startTestApi({ clock, heartbeatMs: 100 })
  })
  afterAll(() => api.close())

  const stranger = { forwarded: 'for=203.0.113.9' }
  const take = async (token: string) => {
    const { status, body } = await api.call('POST', '/v1/auth/ws-ticket', { token })
    expect(status).toBe(201)
    return (body as { data: { ticket: string; expires_in: number } }).data
  }
  const open = (ticket: string) => stream(api, `/ws/trading-signals?ticket=${ticket}`, stranger)

  it('opens the signal stream once, within 30 seconds', async () => {
    const token = await api.enter(api.users.viewer.userId)
    const { ticket, expires_in } = await take(token)
    expect(expires_in).toBe(30)
    expect(await stream(api, '/ws/trading-signals', stranger)).toBe(4401)
    expect(await open(ticket)).toBe('heartbeat')
    expect(await open(ticket)).toBe(4401)
    const late = await take(token)
    clock.advanceBy(30 * SECOND_MS)
    expect(await open(late.ticket)).toBe(4401)
    expect(await open('qt_nonsense')).toBe(4401)
  })

  it('of two connections at once opens one', async () => {
    const { ticket } = await take(await api.enter(api.users.viewer.userId))
    const results = await Promise.all([open(ticket), open(ticket), open(ticket)])
    expect(results.filter((result) => result === 'heartbeat')).toHaveLength(1)
  })

  it('is worth nothing anywhere else', async () => {
    const { ticket } = await take(await api.enter(api.users.admin.userId))
    const tries: Promise<Answer>[] = [
      api.call('GET', `/v1/me?ticket=${ticket}`),
      api.call('GET', '/v1/me', { token: ticket }),
      api.call('GET', '/v1/me', { headers: { 'x-api-key': ticket } }),
      api.call('POST', '/v1/auth/refresh', { token: ticket }),
      api.call('GET', `/trpc/deck.session.me?ticket=${ticket}`),
    ]
    for (const { status } of await Promise.all(tries)) expect(status).toBe(401)
    expect(await open(ticket)).toBe('heartbeat')
  })

  it('carries the rights of a key, and ends with them', async () => {
    const token = await api.enter(api.users.trader.userId)
    const create = async (scopes: string[]) => {
      const { body } = await api.call('POST', '/v1/api-keys', { token, body: { name: 'bot', scopes } })
      return (body as { data: { key: string; api_key_id: string } }).data
    }
    const signals = await create(['signals'])
    expect((await api.call('POST', '/v1/auth/ws-ticket', { token: signals.key })).status).toBe(403)
    const reader = await create(['read'])
    const { ticket } = await take(reader.key)
    const closed = new Promise<number>((resolve) => {
      const url = `${api.url.replace('http', 'ws')}/ws/trading-signals?ticket=${ticket}`
      const socket = new WebSocket(url, { headers: stranger })
      socket.once('message', () => {
        void api.call('DELETE', `/v1/api-keys/${reader.api_key_id}`, { token })
      })
      socket.on('close', resolve)
    })
    expect(await closed).toBe(4401)
  })
})

describe('sharing a strategy', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startTestApi({ clock })
    await insertStrategy(
      api.deps.db.kysely,
      sampleStrategy({ strategyId: 'mine_v1', ownerId: api.users.trader.userId, isPublic: false }),
    )
  })
  afterAll(() => api.close())

  it('lets a user see it until it ends; only the owner and admins decide', async () => {
    const { users } = api
    const [owner, viewer] = [await api.enter(users.trader.userId), await api.enter(users.viewer.userId)]
    const path = `/v1/strategies/mine_v1/shares/${users.viewer.userId}`
    const see = async () => (await api.call('GET', '/v1/strategies/mine_v1', { token: viewer })).status
    expect(await see()).toBe(404)
    expect((await api.call('GET', path, { token: owner })).status).toBe(404)
    for (let i = 0; i < 2; i++) {
      const { status, body } = await api.call('PUT', path, { token: owner })
      expect([status, body]).toEqual([
        200,
        {
          data: {
            strategy_id: 'mine_v1',
            user_id: users.viewer.userId,
            email: 'viewer@example.com',
            name: 'viewer',
          },
        },
      ])
    }
    expect(await see()).toBe(200)
    expect((await api.call('GET', path, { token: owner })).status).toBe(200)
    const list = await api.call('GET', '/v1/strategies/mine_v1/shares', { token: owner })
    expect(list.body).toMatchObject({ meta: { total_count: 1 } })
    expect((await api.call('PUT', path, { token: viewer })).status).toBe(403)
    const risk = await api.enter(users.risk.userId)
    expect((await api.call('PUT', path, { token: risk })).status).toBe(403)
    expect((await api.call('DELETE', path, { token: owner })).status).toBe(200)
    expect(await see()).toBe(404)
    expect((await api.call('DELETE', path, { token: owner })).status).toBe(404)
    const { entries } = await listAudit(api.deps.db.kysely, { entityId: 'mine_v1' }, { limit: 9, offset: 0 })
    expect(entries.map(({ action }) => action)).toEqual(['strategy.unshare', 'strategy.share'])
  })

  it('does not tell a stranger, or of a user, what exists', async () => {
    const { users } = api
    const admin = await api.enter(users.admin.userId)
    const put = (strategy: string, user: string, token: string) =>
      api.call('PUT', `/v1/strategies/${strategy}/shares/${user}`, { token })
    expect((await put('mine_v1', 'nobody', admin)).status).toBe(404)
    expect((await put('mine_v1', '00000000-0000-4000-8000-000000000000', admin)).status).toBe(404)
    expect((await put('none_v1', users.viewer.userId, admin)).status).toBe(404)
  })
})

describe('IP_ALLOW_LIST', () => {
  it('holds on every door', async () => {
    const api = await startTestApi({ env: { IP_ALLOW_LIST: '10.0.0.0/8' } })
    const paths = [
      '/',
      '/v1/health',
      '/api/positions',
      '/trpc/deck.session.me',
      '/healthz',
      '/docs',
      '/metrics',
    ]
    for (const path of [...paths, '/openapi.json', '/no/such/path']) {
      expect([path, (await api.call('GET', path)).status]).toEqual([path, 403])
    }
    for (const path of ['/v1/auth/login', '/trpc/session.login']) {
      expect((await api.call('POST', path, { body: {} })).status).toBe(403)
    }
    expect(await stream(api, '/ws/trading-signals')).toBe(403)
    expect(await stream(api, '/trpc')).toBe(403)
    await api.close()
  })

  it('believes our proxy about the address, on sockets as well', async () => {
    const env = { IP_ALLOW_LIST: '10.0.0.0/8', TRUST_PROXY: 'true' }
    const api = await startTestApi({ env, heartbeatMs: 100 })
    const from = (address: string) => ({ 'x-forwarded-for': address })
    expect((await api.call('GET', '/healthz', { headers: from('10.1.2.3') })).status).toBe(200)
    expect((await api.call('GET', '/healthz', { headers: from('203.0.113.9') })).status).toBe(403)
    // What a client wrote in front of the proxy's own entry counts for nothing.
    expect((await api.call('GET', '/healthz', { headers: from('10.1.2.3, 203.0.113.9') })).status).toBe(403)
    expect(await stream(api, '/ws/trading-signals', from('203.0.113.9'))).toBe(403)
    expect(await stream(api, '/ws/trading-signals', from('10.1.2.3, 203.0.113.9'))).toBe(403)
    expect(await stream(api, '/ws/trading-signals', from('10.1.2.3'))).toBe(4401)
    const token = await api.enter(api.users.viewer.userId)
    const known = { ...from('10.1.2.3'), authorization: `Bearer ${token}` }
    expect(await stream(api, '/ws/trading-signals', known)).toBe('heartbeat')
    await api.close()
  })
})

describe('login throttling', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startTestApi({ clock, env: { TRUST_PROXY: 'true' } })
  })
  afterAll(() => api.close())

  const login = (email: string, password: string, ip: string, headers: Record<string, string> = {}) =>
    api.call('POST', '/v1/auth/login', {
      body: { email, password },
      headers: { 'x-forwarded-for': ip, ...headers },
    })
  const fail = async (email: string, ip: string, times = 6) => {
    const answers: Answer[] = []
    for (let i = 0; i < times; i++) answers.push(await login(email, 'wrong', ip))
    return answers
  }

  it('counts strangers together: five per account, from however many addresses', async () => {
    const statuses = []
    for (let i = 1; i <= 7; i++)
      statuses.push((await login('trader@example.com', 'x', `203.0.113.${i}`)).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect((await login('trader@example.com', PASSWORD, '203.0.113.9')).status).toBe(429)
  })

  it('leaves the owner in at an address he has logged in from, whose own five are counted apart', async () => {
    const home = '198.51.100.7'
    expect((await login('viewer@example.com', PASSWORD, home)).status).toBe(200)
    await fail('viewer@example.com', '203.0.113.50')
    expect((await login('viewer@example.com', PASSWORD, '203.0.113.51')).status).toBe(429)
    expect((await login('viewer@example.com', PASSWORD, home)).status).toBe(200)
    expect((await fail('viewer@example.com', home)).map(({ status }) => status)).toEqual([
      401, 401, 401, 401, 401, 429,
    ])
  })

  it('leaves the owner in on a browser he has logged in with, wherever it is', async () => {
    const enter = (password: string, ip: string, cookie = '') =>
      api.call('POST', '/trpc/session.login', {
        body: { json: { email: 'risk@example.com', password } },
        headers: { 'x-quantdeck': '1', 'x-forwarded-for': ip, ...(cookie !== '' && { cookie }) },
      })
    const first = await enter(PASSWORD, '198.51.100.20')
    const device =
      first.headers
        .getSetCookie()
        .find((line) => line.startsWith('qd_device='))
        ?.split(';')[0] ?? ''
    await fail('risk@example.com', '203.0.113.60')
    expect((await enter(PASSWORD, '203.0.113.61')).status).toBe(429)
    expect((await enter(PASSWORD, '203.0.113.62', device)).status).toBe(200)
    // A forged one, and one of another account, are a stranger's. (The last letter has bits that say nothing.)
    const forged = `${device.slice(0, -4)}${device.at(-4) === 'A' ? 'B' : 'A'}${device.slice(-3)}`
    expect((await enter(PASSWORD, '203.0.113.63', forged)).status).toBe(429)
    const other = await api.call('POST', '/trpc/session.login', {
      body: { json: { email: 'trader@example.com', password: PASSWORD } },
      headers: { 'x-quantdeck': '1', 'x-forwarded-for': '203.0.113.64', cookie: device },
    })
    expect(other.status).toBe(429)
  })

  it('says the same of accounts that do not exist, the sixth time too', async () => {
    clock.advanceBy(16 * MINUTE_MS)
    const known = await fail('admin@example.com', '203.0.113.70')
    const unknown = await fail('ghost@example.com', '203.0.113.71')
    const told = ({ status, text, headers }: Answer) => [
      status,
      text.replace(/req-[\w-]+/, 'req'),
      headers.get('retry-after'),
      [...headers.keys()].sort(),
    ]
    expect(unknown.map(told)).toEqual(known.map(told))
  })
})

describe('rows of a file', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startTestApi({ clock, env: { RATE_LIMITS: 'documented' } })
  })
  afterAll(() => api.close())

  const bars = Array.from({ length: 1_000 }, () => ({
    opened_at: 'never',
    open: 1,
    high: 1,
    low: 1,
    close: 1,
  }))
  /** How much of the ingestion limit a request took; it is counted before its rows are looked at. */
  async function cost(key: string, headers: Record<string, string> = {}): Promise<number> {
    const body = { symbol: 'NONE', file_name: 'minutes.csv', bars }
    const answer = await api.call('POST', '/v1/market-data/bars', { token: key, body, headers })
    expect(answer.status).toBe(400)
    return 6_000 - Number(answer.headers.get('x-ratelimit-remaining'))
  }
  async function newKey(name: string): Promise<{ key: string; id: string }> {
    const token = await api.enter(api.users.admin.userId)
    const body = { name, scopes: ['market_data'] }
    const created = await api.call('POST', '/v1/api-keys', { token, body })
    const { key, api_key_id: id } = (created.body as { data: { key: string; api_key_id: string } }).data
    return { key, id }
  }

  it('count one per hundred for the command line of this machine, and one each for everybody else', async () => {
    const [local, proxied, other] = [
      await newKey('cli'),
      await newKey('cli'),
      await newKey('quantdeck command line'),
    ]
    api.deps.auth.rememberCommandLineKey(local.id)
    expect(await cost(local.key)).toBe(10)
    expect(await cost(other.key)).toBe(1_000)
    api.deps.auth.rememberCommandLineKey(proxied.id)
    expect(await cost(proxied.key, { 'x-forwarded-for': '127.0.0.1' })).toBe(1_000)
  })
})
