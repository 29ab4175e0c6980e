import { VirtualClock } from '@quantdeck/domain'
import * as fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

import { RedisWindows } from '../src/auth/redis-windows.ts'
import { MemoryWindows, type WindowSpec } from '../src/auth/sliding-window.ts'
import { createLogger } from '../src/log.ts'
import { PASSWORD, startTestApi, type TestApi } from './harness.ts'
import { describeRedis, freePort, TestRedis } from './harness/redis.ts'

const SPEC: WindowSpec = { limit: 10, cost: 1, windowMs: 60_000, slotMs: 250 }

describeRedis('limits in Redis', () => {
  let redis: TestRedis
  const open: RedisWindows[] = []

  beforeAll(async () => {
    redis = new TestRedis(await freePort())
    await redis.start()
  })
  afterEach(() => {
    for (const windows of open.splice(0)) windows.close()
  })
  afterAll(() => redis.kill())

  async function connect(clock?: VirtualClock, lines: string[] = []): Promise<RedisWindows> {
    const log = createLogger('info', { write: (line) => void lines.push(line) })
    const fallback = new MemoryWindows(clock ?? new VirtualClock(0))
    const nowMs = clock === undefined ? undefined : () => clock.nowMs()
    const windows = new RedisWindows({ url: redis.url, log, fallback, ...(nowMs !== undefined && { nowMs }) })
    open.push(windows)
    await windows.start()
    return windows
  }

  it('answer exactly as those in memory, whatever comes when', async () => {
    const clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))
    const shared = await connect(clock)
    let round = 0
    const steps = fc.array(
      fc.record({ wait: fc.integer({ min: 0, max: 20_000 }), cost: fc.integer({ min: 1, max: 4 }) }),
      { minLength: 10, maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const memory = new MemoryWindows(clock)
        const key = `round-${round++}`
        for (const { wait, cost } of sequence) {
          clock.advanceBy(wait)
          const spec = { ...SPEC, cost }
          expect(await shared.take(key, spec)).toEqual(memory.take(key, spec))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('let no more than the limit through, however many instances ask at once', async () => {
    const instances = await Promise.all([connect(), connect(), connect(), connect()])
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => instances[index % 4]?.take('race', SPEC)),
    )
    expect(answers.filter((answer) => answer?.allowed === true)).toHaveLength(10)
    await instances[0]?.forget('race')
    expect((await instances[1]?.take('race', SPEC))?.allowed).toBe(true)
  })

  it('slide on the clock of Redis', async () => {
    const windows = await connect()
    const spec = { limit: 2, cost: 1, windowMs: 400, slotMs: 50 }
    expect((await windows.take('slide', spec)).allowed).toBe(true)
    await sleep(250)
    expect((await windows.take('slide', spec)).allowed).toBe(true)
    expect((await windows.take('slide', spec)).allowed).toBe(false)
    await sleep(260)
    // The first has left, the second has not.
    expect((await windows.take('slide', spec)).allowed).toBe(true)
    expect((await windows.take('slide', spec)).allowed).toBe(false)
  })

  it('are counted here while Redis is frozen or gone, with one line for all of it, and shared again after', async () => {
    const lines: string[] = []
    const windows = await connect(undefined, lines)
    redis.freeze()
    const startedAt = performance.now()
    const answers = []
    for (let i = 0; i < 50; i++) answers.push(await windows.take('frozen', SPEC))
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(10)
    redis.thaw()
    await redis.kill()
    for (let i = 0; i < 50; i++) await windows.take('gone', SPEC)
    await expect(windows.ping()).rejects.toThrow()
    expect(lines.filter((line) => line.includes('Redis does not answer'))).toHaveLength(1)
    await redis.start()
    const isShared = async () => {
      await windows.take('back', SPEC)
      return lines.filter((line) => line.includes('Redis answers again')).length
    }
    await expect.poll(isShared, { timeout: 15_000, interval: 200 }).toBe(1)
  })
})

describeRedis('a server with REDIS_URL', () => {
  let redis: TestRedis
  const apis: TestApi[] = []

  beforeAll(async () => {
    redis = new TestRedis(await freePort())
    await redis.start()
  })
  afterAll(async () => {
    await Promise.all(apis.map((api) => api.close()))
    await redis.kill()
  })

  async function start(): Promise<TestApi> {
    const api = await startTestApi({ env: { REDIS_URL: redis.url, RATE_LIMITS: 'documented' } })
    apis.push(api)
    return api
  }
  const health = async (api: TestApi, token: string) => {
    const { status, body } = await api.call('GET', '/v1/health', { token })
    return { status, redis: (body as { services: { redis: object } }).services.redis }
  }

  it('shares what it counts: the sixth wrong password is refused whichever instance it reaches', async () => {
    const [one, two] = [await start(), await start()]
    const wrong = (api: TestApi, email: string) =>
      api.call('POST', '/v1/auth/login', { body: { email, password: 'wrong' } })
    const statuses = []
    for (const api of [one, two, one, two, one, two]) {
      statuses.push((await wrong(api, 'nobody@example.com')).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    // 30 a minute per address, over both.
    for (let i = 0; i < 24; i++) statuses.push((await wrong(i % 2 ? one : two, `n${i}@example.com`)).status)
    expect(statuses.slice(6)).toEqual(Array.from({ length: 24 }, () => 401))
    const refused = await wrong(one, 'another@example.com')
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([429, '0'])
    expect((await wrong(two, 'another@example.com')).status).toBe(429)
  })

  it('says so in its health, and goes on degraded when Redis dies', async () => {
    const api = await start()
    const { userId } = api.users.viewer
    const token = await api.enter(userId)
    expect(await health(api, token)).toMatchObject({ redis: { status: 'healthy', enabled: true } })
    await redis.kill()
    expect(await health(api, token)).toMatchObject({
      status: 200,
      redis: { status: 'degraded', enabled: true },
    })
    const { status } = await api.call('POST', '/v1/auth/login', {
      body: { email: api.users.viewer.email, password: PASSWORD },
    })
    expect(status).toBe(200)
    expect(api.logLines.filter((line) => line.includes('Redis does not answer'))).toHaveLength(1)
  })

  it('starts without Redis too', async () => {
    const api = await start()
    const token = await api.enter(api.users.viewer.userId)
    expect(await health(api, token)).toMatchObject({ redis: { status: 'degraded', enabled: true } })
  })
})
