import { listAlerts, listAudit } from '@quantdeck/db'
import { describeEngines } from '@quantdeck/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { LoginWatch } from '../src/auth/login-watch.ts'
import { MemoryWindows } from '../src/auth/sliding-window.ts'
import { NOBODY, startTestApi, type TestApi } from './harness.ts'

describeEngines('a login that is not like its owner', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startTestApi({ engine })
  })
  afterAll(() => api.close())

  async function alerts(code: string) {
    await api.deps.auth.loginWatch.settle()
    const { alerts: all } = await listAlerts(
      api.deps.db.kysely,
      { visible: 'all' },
      { limit: 100, offset: 0 },
    )
    return all.filter((alert) => alert.code === code)
  }

  const wrong = (email: string) =>
    api.call('POST', '/v1/auth/login', { body: { email, password: 'wrong password' } })

  it('raises one alert when there are five wrong passwords, which names nobody', async () => {
    const { email, userId } = api.users.risk
    for (let n = 1; n <= 4; n++) await wrong(email)
    expect(await alerts('LOGIN_FAILURES')).toEqual([])
    for (let n = 5; n <= 8; n++) await wrong(email)
    const [alert, ...more] = await alerts('LOGIN_FAILURES')
    expect(more).toEqual([])
    expect(alert).toMatchObject({
      kind: 'login_anomaly',
      severity: 'WARNING',
      context: { user_id: userId, failures: 5 },
    })
    expect(JSON.stringify(alert)).not.toContain(email)
    const { entries } = await listAudit(
      api.deps.db.kysely,
      { action: 'session.login_failures' },
      { limit: 5, offset: 0 },
    )
    expect(entries.map(({ entityId, ip }) => [entityId, ip])).toEqual([[userId, '127.0.0.1']])
  })

  it('notices one address that tries many accounts, existing or not', async () => {
    for (let n = 0; n < 5; n++) await wrong(`nobody${n}@example.com`)
    expect(await alerts('LOGIN_FAILURES_FROM_ADDRESS')).toHaveLength(1)
  })

  it('notices a privileged login from a new address, not the first one and not a trader', async () => {
    const loginFrom = async (userId: string, ip: string) => {
      const { sessions } = api.deps.auth
      const token = await sessions.createLoginLink(userId)
      await sessions.loginWithLink(token, { ...NOBODY, ip })
    }
    for (const ip of ['198.51.100.1', '198.51.100.1', '198.51.100.2']) {
      await loginFrom(api.users.trader.userId, ip)
      await loginFrom(api.users.admin.userId, ip)
      await api.deps.auth.loginWatch.settle()
    }
    const found = await alerts('LOGIN_NEW_ADDRESS')
    expect(found.map(({ context }) => context['user_id'])).toEqual([api.users.admin.userId])
  })

  it('counts what reaches several instances together, where they share a store', async () => {
    const { db, clock, log } = api.deps
    const windows = new MemoryWindows(clock)
    const instances = [1, 2].map(() => new LoginWatch({ db, clock, log, windows }))
    const { email, userId } = api.users.viewer
    for (const n of [0, 1, 0, 1, 0]) instances[n]?.noteFailure(email, { ...NOBODY, ip: '198.51.100.9' })
    for (const instance of instances) await instance.settle()
    const found = (await alerts('LOGIN_FAILURES')).filter(({ context }) => context['user_id'] === userId)
    expect(found.map(({ context }) => context['failures'])).toEqual([5])
  })
})
