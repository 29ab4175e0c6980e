import { findUserByEmail, listAlerts, listAudit, updateUser } from '@quantdeck/db'
import { MINUTE_MS, SECOND_MS, VirtualClock } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { PASSWORD, startTestApi, type Answer, type TestApi } from './harness.ts'

let api: TestApi
let clock: VirtualClock

beforeAll(async () => {
  clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))
  api = await startTestApi({ clock })
})

afterAll(() => api.close())

interface Tokens {
  access_token: string
  refresh_token: string
}

const login = (email = 'trader@example.com', password = PASSWORD) =>
  api.call('POST', '/v1/auth/login', { body: { email, password } })
const refresh = (token: string) => api.call('POST', '/v1/auth/refresh', { token })
const me = (token: string) => api.call('GET', '/v1/me', { token })
const tokensOf = ({ body }: Answer) => body as Tokens

describe('login', () => {
  it('answers the document and works in any case of the email', async () => {
    const { status, body } = await login('Trader@Example.com')
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 3600, refresh_expires_in: 604_800 })
    const mine = await me(tokensOf({ body } as Answer).access_token)
    expect(mine.body).toMatchObject({ data: { email: 'trader@example.com', role: 'trader', kind: 'user' } })
  })

  it('is held up after five failures, the same for a known and an unknown account', async () => {
    const failures = async (email: string) => {
      const answers: Answer[] = []
      for (let i = 0; i < 6; i++) answers.push(await login(email, 'wrong'))
      return answers.map(({ status, body }) => [status, body])
    }
    const open = tokensOf(await login())
    const known = await failures('trader@example.com')
    const unknown = await failures('ghost@example.com')
    expect(known.map(([status]) => status)).toEqual([401, 401, 401, 401, 401, 429])
    expect(unknown.map(([status]) => status)).toEqual(known.map(([status]) => status))
    expect((await login()).status).toBe(429)
    expect((await me(open.access_token)).status).toBe(200)
    expect((await refresh(open.refresh_token)).status).toBe(200)
    clock.advanceBy(15 * MINUTE_MS + SECOND_MS)
    expect((await login()).status).toBe(200)
  })

  it('is refused to a disabled user, whose open session ends within a second', async () => {
    const open = tokensOf(await login())
    const user = await findUserByEmail(api.deps.db.kysely, 'trader@example.com')
    const change = (status: 'active' | 'disabled') =>
      updateUser(api.deps.db.kysely, user?.userId ?? '', { status, updatedAt: clock.now() })
    await change('disabled')
    clock.advanceBy(1_000)
    expect((await me(open.access_token)).status).toBe(401)
    expect((await refresh(open.refresh_token)).status).toBe(401)
    expect((await login()).text).toBe('{"detail":"Invalid credentials"}')
    await change('active')
    clock.advanceBy(1_000)
  })

  it('works once by a link, for an hour', async () => {
    const { auth } = api.deps
    const enter = (token: string) =>
      api.call('POST', '/trpc/session.loginWithLink', {
        body: { json: { token } },
        headers: { 'x-quantdeck': '1' },
      })
    const link = await auth.sessions.createLoginLink(api.users.admin.userId)
    expect((await enter(link)).status).toBe(200)
    expect((await enter(link)).status).toBe(401)
    const late = await auth.sessions.createLoginLink(api.users.admin.userId)
    clock.advanceBy(60 * MINUTE_MS + 1)
    expect((await enter(late)).status).toBe(401)
  })
})

describe('refresh', () => {
  it('rotates: the new pair works', async () => {
    const first = tokensOf(await login())
    const second = tokensOf(await refresh(first.refresh_token))
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await me(second.access_token)).status).toBe(200)
    expect((await refresh(second.refresh_token)).status).toBe(200)
  })

  it('gives two tabs that refresh at once the same successor, and logs neither out', async () => {
    let current = tokensOf(await login()).refresh_token
    for (let round = 0; round < 20; round++) {
      const [one, two] = await Promise.all([refresh(current), refresh(current)])
      expect([one.status, two.status]).toEqual([200, 200])
      expect(tokensOf(two).refresh_token).toBe(tokensOf(one).refresh_token)
      current = tokensOf(one).refresh_token
      clock.advanceBy(3_000)
    }
  })

  it('ends the family and raises a CRITICAL alert when an old token comes back', async () => {
    const first = tokensOf(await login())
    const second = tokensOf(await refresh(first.refresh_token))
    const third = tokensOf(await refresh(second.refresh_token))
    expect((await refresh(first.refresh_token)).status).toBe(401)
    expect((await refresh(third.refresh_token)).status).toBe(401)
    expect((await me(third.access_token)).status).toBe(401)
    const found = await listAlerts(api.deps.db.kysely, { visible: 'all' }, { limit: 10, offset: 0 })
    // The wrong passwords of the tests before have alerts of their own.
    const alerts = found.alerts.filter(({ code }) => !code.startsWith('LOGIN_'))
    expect(alerts.map(({ severity, code }) => [severity, code])).toEqual([
      ['CRITICAL', 'REFRESH_TOKEN_REUSED'],
    ])
    const audit = await listAudit(
      api.deps.db.kysely,
      { action: 'session.reuse_detected' },
      { limit: 5, offset: 0 },
    )
    expect(audit.totalCount).toBe(1)
    expect(JSON.stringify([alerts, audit])).not.toContain(first.refresh_token)
  })

  it('takes the direct parent for ten seconds only', async () => {
    const first = tokensOf(await login())
    const second = tokensOf(await refresh(first.refresh_token))
    clock.advanceBy(10_001)
    expect((await refresh(first.refresh_token)).status).toBe(401)
    expect((await refresh(second.refresh_token)).status).toBe(401)
  })

  it('refuses access tokens, nothing and nonsense alike', async () => {
    const { access_token: access } = tokensOf(await login())
    const answers = [
      await refresh(access),
      await refresh('qr_nonsense'),
      await api.call('POST', '/v1/auth/refresh'),
    ]
    for (const { status, body } of answers) {
      expect(status).toBe(401)
      expect(body).toMatchObject({ error: { code: 'UNAUTHORIZED', message: 'Missing or invalid token' } })
    }
  })
})

describe('logout', () => {
  it('ends access and refresh at once', async () => {
    const tokens = tokensOf(await login())
    expect((await api.call('POST', '/v1/auth/logout', { token: tokens.access_token })).status).toBe(200)
    expect((await me(tokens.access_token)).status).toBe(401)
    expect((await refresh(tokens.refresh_token)).status).toBe(401)
  })
})

describe('the dashboard session', () => {
  const own = { 'x-quantdeck': '1' }
  const enter = (headers: Record<string, string>) =>
    api.call('POST', '/trpc/session.login', {
      body: { json: { email: 'admin@example.com', password: PASSWORD } },
      headers,
    })

  it('keeps the refresh token in a cookie that no script can read', async () => {
    const answer = await enter(own)
    expect(answer.status).toBe(200)
    const [cookie = '', device] = answer.headers.getSetCookie()
    expect(device).toMatch(
      /^qd_device=[\w-]{22}\.[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/trpc; Max-Age=31536000$/,
    )
    expect(cookie).toMatch(/^qd_refresh=qr_[\w-]+; HttpOnly; SameSite=Strict; Path=\/trpc; Max-Age=604800$/)
    expect(answer.text).not.toContain('qr_')
    const again = await api.call('POST', '/trpc/session.refresh', {
      headers: { ...own, cookie: cookie.split(';')[0] ?? '', 'content-type': 'application/json' },
      body: '',
    })
    expect(again.status).toBe(200)
    const { accessToken } = (again.body as { result: { data: { json: { accessToken: string } } } }).result
      .data.json
    expect((await me(accessToken)).status).toBe(200)
  })

  it('is refused without the custom header and from a foreign page', async () => {
    expect((await enter({})).status).toBe(403)
    expect((await enter({ ...own, origin: 'https://evil.example' })).status).toBe(403)
  })
})

describe('access tokens', () => {
  it('end with their hour', async () => {
    const { access_token: token } = tokensOf(await login())
    clock.advanceBy(60 * MINUTE_MS - SECOND_MS)
    expect((await me(token)).status).toBe(200)
    clock.advanceBy(SECOND_MS)
    expect((await me(token)).status).toBe(401)
  })
})

describe('API keys', () => {
  const create = async (body: object, role: 'trader' | 'admin' | 'viewer' = 'trader') => {
    const token = await api.login(role)
    const answer = await api.call('POST', '/v1/api-keys', { token, body: { name: 'bot', ...body } })
    return { token, answer, data: (answer.body as { data: { key: string; api_key_id: string } }).data }
  }

  it('are shown once, work as Bearer and X-API-Key within their scopes, and stop when revoked', async () => {
    const { token, answer, data } = await create({ scopes: ['read'] })
    expect(answer.status).toBe(201)
    expect(data.key).toMatch(/^qd_/)
    expect((await me(data.key)).body).toMatchObject({ data: { kind: 'api_key', scopes: ['read'] } })
    const byHeader = await api.call('GET', '/v1/orders', { headers: { 'x-api-key': data.key } })
    expect(byHeader.status).toBe(200)
    expect((await api.call('POST', '/api/signals', { token: data.key, body: {} })).status).toBe(403)
    expect((await api.call('GET', '/v1/api-keys', { token: data.key })).status).toBe(403)
    const list = await api.call('GET', '/v1/api-keys', { token })
    expect(list.text).not.toContain(data.key)
    expect((await api.call('DELETE', `/v1/api-keys/${data.api_key_id}`, { token })).status).toBe(200)
    expect((await me(data.key)).status).toBe(401)
  })

  it('expire, and stay at their addresses', async () => {
    const { data } = await create({
      scopes: ['read'],
      expires_at: new Date(clock.nowMs() + MINUTE_MS).toISOString(),
    })
    expect((await me(data.key)).status).toBe(200)
    clock.advanceBy(MINUTE_MS)
    expect((await me(data.key)).status).toBe(401)
    const away = await create({ scopes: ['read'], ip_allow_list: ['10.0.0.0/8'] })
    expect((await me(away.data.key)).status).toBe(401)
    const home = await create({ scopes: ['read'], ip_allow_list: ['127.0.0.0/8', '::1'] })
    expect((await me(home.data.key)).status).toBe(200)
  })

  it('of another user are unknown, and the admin scope needs an admin', async () => {
    const { data } = await create({ scopes: ['read'] })
    const stranger = await api.login('viewer')
    const { status } = await api.call('DELETE', `/v1/api-keys/${data.api_key_id}`, { token: stranger })
    expect(status).toBe(404)
    expect((await create({ scopes: ['admin'] })).answer.status).toBe(403)
    expect((await create({ scopes: ['admin'] }, 'admin')).answer.status).toBe(403)
    const token = await api.login('admin')
    await api.confirm(token)
    const body = { name: 'ops', scopes: ['admin'] }
    expect((await api.call('POST', '/v1/api-keys', { token, body })).status).toBe(201)
  })

  it('are not created from a past expiry or a bad address list', async () => {
    expect((await create({ scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' })).answer.status).toBe(400)
    expect((await create({ scopes: ['read'], ip_allow_list: ['10.0.0.0/99'] })).answer.status).toBe(400)
  })
})
