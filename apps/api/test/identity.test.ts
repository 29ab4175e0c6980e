import { listAudit } from '@quantdeck/db'
import { describeEngines, describePostgres } from '@quantdeck/db/testing'
import { MINUTE_MS, SECOND_MS, VirtualClock, type Role } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { PASSWORD, startTestApi, type Answer, type TestApi } from './harness.ts'

const NEW_PASSWORD = 'a long walk over wet hills'

interface UserBody {
  data: { user_id: string; role: Role; status: string; name: string; email: string }
}
interface SessionsBody {
  data: { session_id: string; is_current: boolean; kind: string }[]
}

describeEngines('identity', (engine) => {
  let api: TestApi
  let clock: VirtualClock
  let admin: string

  beforeAll(async () => {
    clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))
    api = await startTestApi({ clock, engine })
  })
  afterAll(() => api.close())
  beforeEach(async () => {
    clock.advanceBy(16 * MINUTE_MS)
    admin = await api.enter(api.users.admin.userId)
  })

  const as = (token: string) => (method: string, path: string, body?: unknown) =>
    api.call(method, path, { token, ...(body !== undefined && { body }) })
  const login = (email: string, password = PASSWORD) =>
    api.call('POST', '/v1/auth/login', { body: { email, password } })
  const me = (token: string) => api.call('GET', '/v1/me', { token })
  const actions = async (action: string) =>
    (await listAudit(api.deps.db.kysely, { action }, { limit: 50, offset: 0 })).entries
  let made = 0
  async function createUser(role: Role): Promise<{ userId: string; email: string }> {
    await api.confirm(admin)
    const email = `user${made++}@example.com`
    const answer = await as(admin)('POST', '/v1/users', { email, password: NEW_PASSWORD, role })
    expect(answer.status).toBe(201)
    return { userId: (answer.body as UserBody).data.user_id, email }
  }

  describe('users', () => {
    it('are made by an admin who confirmed the password, once per email, and can log in', async () => {
      const body = { email: 'New@Example.com', password: NEW_PASSWORD, role: 'trader', name: 'New' }
      expect((await as(admin)('POST', '/v1/users', body)).status).toBe(403)
      await api.confirm(admin)
      const created = await as(admin)('POST', '/v1/users', body)
      expect(created.status).toBe(201)
      expect(created.body).toMatchObject({
        data: { email: 'new@example.com', role: 'trader', status: 'active', name: 'New' },
      })
      expect(created.text).not.toContain(NEW_PASSWORD)
      expect((await as(admin)('POST', '/v1/users', body)).status).toBe(409)
      expect((await login('new@example.com', NEW_PASSWORD)).status).toBe(200)
      const [entry] = await actions('user.create')
      expect(entry).toMatchObject({ actorLabel: 'admin@example.com', after: { role: 'trader' } })
      expect(JSON.stringify(entry)).not.toContain(NEW_PASSWORD)
      const list = await as(admin)('GET', '/v1/users')
      expect(list.text).not.toMatch(/hash|argon2/)
      expect((list.body as { meta: { total_count: number } }).meta.total_count).toBeGreaterThanOrEqual(5)
      clock.advanceBy(5 * MINUTE_MS)
      const late = await as(admin)('POST', '/v1/users', { ...body, email: 'late@example.com' })
      expect(late.status).toBe(403)
    })

    it('are made once per Idempotency-Key', async () => {
      await api.confirm(admin)
      const body = { email: 'once@example.com', password: NEW_PASSWORD, role: 'viewer' }
      const post = () =>
        api.call('POST', '/v1/users', { token: admin, body, headers: { 'idempotency-key': 'user-1' } })
      const [first, again] = [await post(), await post()]
      expect([first.status, again.status]).toEqual([201, 201])
      expect((again.body as UserBody).data.user_id).toBe((first.body as UserBody).data.user_id)
    })

    it('are no business of anybody but admins', async () => {
      for (const role of ['viewer', 'trader', 'risk'] as const) {
        const call = as(await api.enter(api.users[role].userId))
        expect((await call('GET', '/v1/users')).status).toBe(403)
        const { userId } = api.users.viewer
        expect((await call('PATCH', `/v1/users/${userId}`, { role: 'admin' })).status).toBe(403)
      }
    })

    it('get short, common and personal passwords refused, and any composition accepted', async () => {
      await api.confirm(admin)
      const attempt = async (password: string) =>
        (await as(admin)('POST', '/v1/users', { email: 'weak@example.com', password, role: 'viewer' })).status
      const bad = ['short', 'password1234', 'P@ssw0rd2024!!', 'qwertyuiopas', '123456789012', 'aaaaaaaaaaaa']
      const more = ['Quantdeck2026!', 'weak@example.com', 'WelcomeWelcome1', 'iloveyou12345', 'abcabcabcabc']
      for (const password of [...bad, ...more])
        expect([password, await attempt(password)]).toEqual([password, 400])
      expect(await attempt('all lower case words')).toBe(201)
    })

    it('change at once: a demoted admin is refused, a disabled one has no session, no login and no key', async () => {
      const other = await createUser('admin')
      const theirs = await api.enter(other.userId)
      expect((await as(theirs)('GET', '/v1/users')).status).toBe(200)
      const demoted = await as(admin)('PATCH', `/v1/users/${other.userId}`, { role: 'trader' })
      expect(demoted.body).toMatchObject({ data: { role: 'trader', status: 'active' } })
      expect((await as(theirs)('GET', '/v1/users')).status).toBe(401)
      const trader = await api.enter(other.userId)
      expect((await as(trader)('GET', '/v1/users')).status).toBe(403)
      const key = await as(trader)('POST', '/v1/api-keys', { name: 'bot', scopes: ['read'] })
      const secret = (key.body as { data: { key: string } }).data.key
      expect((await me(secret)).status).toBe(200)
      await as(admin)('PATCH', `/v1/users/${other.userId}`, { status: 'disabled' })
      expect((await me(trader)).status).toBe(401)
      expect((await me(secret)).status).toBe(401)
      expect((await login(other.email, NEW_PASSWORD)).text).toBe('{"detail":"Invalid credentials"}')
      const [entry] = await actions('user.update')
      expect(entry).toMatchObject({ before: { status: 'active' }, after: { status: 'disabled' } })
      await as(admin)('PATCH', `/v1/users/${other.userId}`, { status: 'active' })
      expect((await me(trader)).status).toBe(401)
      expect((await login(other.email, NEW_PASSWORD)).status).toBe(200)
    })

    it('keep one active admin: the last can be neither demoted nor disabled', async () => {
      await api.confirm(admin)
      const list = (await as(admin)('GET', '/v1/users')).body as { data: UserBody['data'][] }
      const mine = api.users.admin.userId
      for (const { user_id: id, role } of list.data) {
        if (role === 'admin' && id !== mine) await as(admin)('PATCH', `/v1/users/${id}`, { role: 'viewer' })
      }
      for (const change of [{ role: 'risk' }, { status: 'disabled' }]) {
        const answer = await as(admin)('PATCH', `/v1/users/${mine}`, change)
        expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([
          409,
          'CONFLICT',
        ])
      }
      expect((await as(admin)('PATCH', `/v1/users/${mine}`, { name: 'Root' })).status).toBe(200)
      expect((await as(admin)('PATCH', '/v1/users/no-such-user', { name: 'x' })).status).toBe(404)
    })
  })

  describe('sessions', () => {
    const list = async (token: string) => ((await as(token)('GET', '/v1/sessions')).body as SessionsBody).data

    it('are listed up to a limit, recent first, and all of them counted', async () => {
      const { userId } = await createUser('trader')
      const tokens: string[] = []
      for (let index = 0; index < 3; index += 1) tokens.push(await api.enter(userId))
      const listed = async (query: string) =>
        (await as(tokens[0] ?? '')('GET', `/v1/sessions${query}`)).body as SessionsBody & { meta: object }
      const [all, two] = [await listed(''), await listed('?limit=2')]
      expect([all.data.length, all.meta]).toEqual([3, { total_count: 3 }])
      expect([two.data, two.meta]).toEqual([all.data.slice(0, 2), { total_count: 3 }])
      for (const limit of ['0', '501', 'x'])
        expect((await as(tokens[0] ?? '')('GET', `/v1/sessions?limit=${limit}`)).status).toBe(400)
    })

    it('are listed and ended one by one; another user’s answers like an unknown one', async () => {
      const { userId } = await createUser('trader')
      const [one, two] = [await api.enter(userId), await api.enter(userId)]
      const sessions = await list(one)
      expect(sessions).toHaveLength(2)
      const other = sessions.find(({ is_current }) => !is_current)
      const path = `/v1/sessions/${other?.session_id}`
      const stranger = await api.enter(api.users.viewer.userId)
      const foreign = await as(stranger)('DELETE', path)
      const unknown = await as(stranger)('DELETE', '/v1/sessions/no-such-session')
      expect([foreign.status, foreign.body]).toEqual([
        404,
        { ...(unknown.body as object), request_id: expect.any(String) },
      ])
      expect((await as(one)('DELETE', path)).status).toBe(200)
      expect((await me(two)).status).toBe(401)
      expect((await me(one)).status).toBe(200)
      expect((await as(one)('DELETE', path)).status).toBe(404)
      const mine = (await list(one))[0]?.session_id
      expect((await as(admin)('DELETE', `/v1/sessions/${mine}`)).status).toBe(200)
      expect((await me(one)).status).toBe(401)
    })

    it('all end with logout-all, refresh tokens included', async () => {
      const { email } = await createUser('viewer')
      const tokens = (await login(email, NEW_PASSWORD)).body as {
        access_token: string
        refresh_token: string
      }
      const second = (await login(email, NEW_PASSWORD)).body as { access_token: string }
      const answer = await as(second.access_token)('POST', '/v1/auth/logout-all')
      expect(answer.body).toMatchObject({ data: { ended_sessions: 2 } })
      expect((await me(tokens.access_token)).status).toBe(401)
      expect((await me(second.access_token)).status).toBe(401)
      expect((await api.call('POST', '/v1/auth/refresh', { token: tokens.refresh_token })).status).toBe(401)
    })
  })

  describe('passwords', () => {
    it('change with the current one, end all other sessions and keep this one', async () => {
      const { userId, email } = await createUser('viewer')
      const [mine, other] = [await api.enter(userId), await api.enter(userId)]
      const change = (current_password: string, new_password: string) =>
        as(mine)('POST', '/v1/me/password', { current_password, new_password })
      const next = 'seven quiet grey herons'
      expect((await change('wrong', next)).status).toBe(403)
      expect((await change(NEW_PASSWORD, 'password1234')).status).toBe(400)
      expect((await change(NEW_PASSWORD, next)).body).toMatchObject({ data: { ended_sessions: 1 } })
      expect((await me(mine)).status).toBe(200)
      expect((await me(other)).status).toBe(401)
      expect((await login(email, NEW_PASSWORD)).status).toBe(401)
      expect((await login(email, next)).status).toBe(200)
    })

    it('cannot be guessed from an open session: five wrong ones, then 429, while the session goes on', async () => {
      const token = await api.enter(api.users.risk.userId)
      const confirm = (password: string) => as(token)('POST', '/v1/auth/confirm', { password })
      const answers: Answer[] = []
      for (let i = 0; i < 6; i++) answers.push(await confirm('wrong'))
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 429])
      expect((await confirm(PASSWORD)).status).toBe(429)
      expect((await me(token)).status).toBe(200)
      clock.advanceBy(15 * MINUTE_MS + SECOND_MS)
      expect((await confirm(PASSWORD)).status).toBe(200)
    })
  })
})

describePostgres('two instances', () => {
  let one: TestApi
  let two: TestApi

  beforeAll(async () => {
    one = await startTestApi({ engine: 'postgres' })
    two = await startTestApi({ joins: one })
  })
  afterAll(async () => {
    await two.close()
    await one.close()
  })

  const release = (api: TestApi, token: string) =>
    api.call('POST', '/v1/controls/kill-switch', { token, body: { action: 'deactivate', reason: 'test' } })

  it('both refuse a demoted or disabled admin within a second, and controls at once', async () => {
    const boss = await one.enter(one.users.admin.userId)
    await one.confirm(boss)
    for (const change of [{ role: 'viewer' }, { status: 'disabled' }]) {
      const created = await one.call('POST', '/v1/users', {
        token: boss,
        body: {
          email: `second-${Object.keys(change)[0]}@example.com`,
          password: NEW_PASSWORD,
          role: 'admin',
        },
      })
      const { user_id: userId } = (created.body as UserBody).data
      const token = await two.enter(userId)
      // Both have looked, so both remember an admin.
      for (const api of [one, two]) {
        expect((await release(api, token)).status).toBe(200)
        expect((await api.call('GET', '/v1/audit', { token })).status).toBe(200)
      }
      const path = `/v1/users/${userId}`
      expect((await one.call('PATCH', path, { token: boss, body: change })).status).toBe(200)
      const changedAt = performance.now()
      expect((await release(two, token)).status).toBe(401)
      const isOut = async () => (await two.call('GET', '/v1/audit', { token })).status
      await expect.poll(isOut, { timeout: 1_000, interval: 20 }).toBe(401)
      expect(performance.now() - changedAt).toBeLessThan(1_000)
    }
  })

  it('let one of two admins demote the other, not both each other', async () => {
    const boss = await one.enter(one.users.admin.userId)
    await one.confirm(boss)
    const created = await one.call('POST', '/v1/users', {
      token: boss,
      body: { email: 'rival@example.com', password: NEW_PASSWORD, role: 'admin' },
    })
    const rivalId = (created.body as UserBody).data.user_id
    const rival = await two.enter(rivalId)
    await two.call('POST', '/v1/auth/confirm', { token: rival, body: { password: NEW_PASSWORD } })
    const demote = (api: TestApi, token: string, userId: string) =>
      api.call('PATCH', `/v1/users/${userId}`, { token, body: { role: 'risk' } })
    const answers = await Promise.all([
      demote(one, boss, rivalId),
      demote(two, rival, one.users.admin.userId),
    ])
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b)
    expect(statuses[0]).toBe(200)
    expect([401, 403]).toContain(statuses[1])
  })
})
