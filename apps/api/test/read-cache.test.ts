import { insertStrategy } from '@quantdeck/db'
import { describeEngines, sampleStrategy } from '@quantdeck/db/testing'
import { VirtualClock } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startTestApi, type TestApi } from './harness.ts'

const LIST = '/v1/strategies'

describeEngines('answers that are given again for a moment', (engine) => {
  const clock = new VirtualClock(new Date('2026-01-07T16:30:00Z'))
  let api: TestApi
  let admin: string
  let trader: string

  beforeAll(async () => {
    api = await startTestApi({ engine, clock, logLevel: 'warn', env: { RATE_LIMITS: 'documented' } })
    const mine = { strategyId: 'mine_v1', ownerId: api.users.trader.userId }
    await insertStrategy(api.deps.db.kysely, sampleStrategy(mine))
    await insertStrategy(api.deps.db.kysely, sampleStrategy({ strategyId: 'hidden_v1', ownerId: null }))
    admin = await api.login('admin')
    trader = await api.login('trader')
  })
  afterAll(() => api?.close())
  beforeEach(() => clock.advanceBy(61_000))

  /** As another instance of the server changes it: this one is not told. */
  async function renameElsewhere(name: string): Promise<void> {
    const { pglite, pool } = api.deps.db
    const text = `update strategies set name = '${name}' where strategy_id = 'mine_v1'`
    if (pglite) await pglite.query(text)
    else await pool?.query(text)
  }

  async function nameSeen(token = admin, path = LIST): Promise<unknown> {
    const { status, text, body } = await api.call('GET', path, { token })
    expect(status, text).toBe(200)
    const { data } = body as { data: { strategy_id: string; name: string }[] }
    return data.find(({ strategy_id }) => strategy_id === 'mine_v1')?.name
  }

  it('are a quarter of a second old at the most', async () => {
    await renameElsewhere('first')
    expect(await nameSeen()).toBe('first')
    await renameElsewhere('second')
    expect(await nameSeen()).toBe('first')
    // Another question is another answer.
    expect(await nameSeen(admin, `${LIST}?mode=PAPER`)).toBe('second')
    clock.advanceBy(250)
    expect(await nameSeen()).toBe('second')
  })

  it('are none any more as soon as this instance has written anything', async () => {
    await renameElsewhere('first')
    expect(await nameSeen()).toBe('first')
    await renameElsewhere('second')
    await api.deps.db.executeSql(`update settings set value = value where key = 'nothing'`)
    expect(await nameSeen()).toBe('second')
    expect(await nameSeen()).toBe('second')
    await renameElsewhere('third')
    await api.deps.db.kysely
      .updateTable('strategies')
      .set({ name: 'fourth' })
      .where('strategyId', '=', 'mine_v1')
      .execute()
    expect(await nameSeen()).toBe('fourth')
  })

  it('are nobody else’s: each sees what is in their sight', async () => {
    const ids = async (token: string) => {
      const { body } = await api.call('GET', LIST, { token })
      return (body as { data: { strategy_id: string }[] }).data.map(({ strategy_id }) => strategy_id).sort()
    }
    expect(await ids(admin)).toEqual(['hidden_v1', 'mine_v1'])
    expect(await ids(trader)).toEqual(['mine_v1'])
    expect(await ids(admin)).toEqual(['hidden_v1', 'mine_v1'])
    expect((await api.call('GET', LIST)).status).toBe(401)
  })

  it('count against the limit like any other, and are the same to the last byte and header', async () => {
    const [one, other] = [
      await api.call('GET', LIST, { token: trader }),
      await api.call('GET', LIST, { token: trader }),
    ]
    expect(other.text).toBe(one.text)
    const changing = new Set(['date', 'x-request-id', 'x-ratelimit-remaining'])
    const lasting = (headers: Headers) => [...headers].filter(([name]) => !changing.has(name))
    expect(lasting(other.headers)).toEqual(lasting(one.headers))
    const [before, after] = [one, other].map(({ headers }) => Number(headers.get('x-ratelimit-remaining')))
    expect(after).toBe((before ?? 0) - 1)
    const etag = other.headers.get('etag') ?? ''
    const same = await api.call('GET', LIST, { token: trader, headers: { 'if-none-match': etag } })
    expect([same.status, same.text]).toEqual([304, ''])
    for (let left = (after ?? 0) - 1; left > 0; left -= 1) await api.call('GET', LIST, { token: trader })
    expect((await api.call('GET', LIST, { token: trader })).status).toBe(429)
  })

  it('are not given to a session that has ended', async () => {
    const token = await api.login('trader')
    expect(await nameSeen(token)).toBeDefined()
    expect((await api.call('POST', '/v1/auth/logout', { token })).status).toBeLessThan(300)
    expect((await api.call('GET', LIST, { token })).status).toBe(401)
  })
})
