import { insertInstrument, insertStrategy, insertUser, listAudit } from '@quantdeck/db'
import { describeEngines, describePostgres, sampleInstrument, sampleStrategy } from '@quantdeck/db/testing'
import { Decimal, ensureDefined, VirtualClock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { foldStrategy } from '../src/desk/risk-fold.ts'
import { type Answer, startTestApi, type TestApi } from './harness.ts'

const KILL = '/v1/controls/kill-switch'
const RELEASES = `${KILL}/releases`

interface Bench {
  api: TestApi
  clock: VirtualClock
  admin: string
  second: string
  secondId: string
}

/** `ana_v1` trades real money, `other_v1` paper; both trade the same symbol. */
async function startBench(engine: 'pglite' | 'postgres'): Promise<Bench> {
  const clock = new VirtualClock(new Date('2026-01-07T16:30:00Z'))
  const api = await startTestApi({ engine, clock })
  const { kysely } = api.deps.db
  await insertInstrument(kysely, sampleInstrument({ symbol: 'ACME', calendar: '24/7' }))
  const common = { universe: ['ACME'], config: {}, allocatedCapital: new Decimal(30_000) }
  await insertStrategy(kysely, sampleStrategy({ ...common, strategyId: 'ana_v1', mode: 'LIVE' }))
  await insertStrategy(kysely, sampleStrategy({ ...common, strategyId: 'other_v1', universe: [] }))
  await api.deps.db.executeSql(`update accounts set initial_capital = 100000 where mode = 'LIVE'`)
  api.deps.desk.invalidate()
  const user = { userId: randomUUID(), email: 'second@example.com', name: 'Second', role: 'admin' as const }
  const at = clock.now()
  await insertUser(kysely, { ...user, passwordHash: 'none', createdAt: at, updatedAt: at })
  const admin = await api.enter(api.users.admin.userId)
  return { api, clock, admin, second: await api.enter(user.userId), secondId: user.userId }
}

interface Released {
  status?: string
  approval_id?: string
  data: { kill_switch_active: boolean; affected_strategies: string[]; deactivated_at: string | null }
}

const body = (answer: Answer) => answer.body as Released
const idOf = (answer: Answer) => ensureDefined(body(answer).approval_id, `an approval in ${answer.text}`)

function actsOf(bench: () => Bench) {
  const post = (path: string, request: object | undefined, token = bench().admin, headers = {}) =>
    bench().api.call('POST', path, { token, body: request, headers })
  return {
    post,
    halt: (over: object = {}) => post(KILL, { action: 'activate', reason: 'storm', ...over }),
    release: (over: object = {}, token?: string, headers?: object) =>
      post(KILL, { action: 'deactivate', reason: 'calm', ...over }, token, headers),
    approve: (id: string, token = bench().second) =>
      post(`/v1/controls/approvals/${id}/approve`, undefined, token),
    levels: async (): Promise<string[]> => {
      const { body: status } = await bench().api.call('GET', KILL, { token: bench().admin })
      const { scopes } = (status as { data: { scopes: { scope: string; level: string }[] } }).data
      return scopes.map(({ scope, level }) => `${scope} ${level}`)
    },
    actions: async (): Promise<string[]> => {
      const { entries } = await listAudit(bench().api.deps.db.kysely, {}, { limit: 100, offset: 0 })
      return entries
        .map(({ action, actorLabel }) => `${action} ${actorLabel}`)
        .filter((one) => /^(?:approval|kill_switch|risk_latch)/.test(one))
        .reverse()
    },
  }
}

describeEngines('a release that lets a LIVE strategy trade again', (engine) => {
  let bench: Bench
  beforeEach(async () => {
    bench = await startBench(engine)
  })
  afterEach(() => bench?.api.close())
  const { post, halt, release, approve, levels, actions } = actsOf(() => bench)

  it('is asked for with 202, and done when another admin approves it', async () => {
    await halt()
    const asked = await release()
    expect(asked.status).toBe(202)
    expect(body(asked)).toMatchObject({
      status: 'approval_required',
      data: { kill_switch_active: true, affected_strategies: [], deactivated_at: null },
    })
    expect(await levels()).toEqual(['global HALTED'])
    const listed = await bench.api.call('GET', `${RELEASES}?status=REQUESTED`, { token: bench.second })
    expect(listed.body).toMatchObject({
      data: [{ approval_id: idOf(asked), scope: 'global', reason: 'calm', live_strategies: ['ana_v1'] }],
      meta: { total_count: 1 },
    })
    const approved = await approve(idOf(asked))
    expect([approved.status, approved.body]).toMatchObject([
      200,
      { data: { approval_id: idOf(asked), approval_code: null, status: 'USED' } },
    ])
    expect(await levels()).toEqual([])
    expect(await actions()).toEqual([
      'kill_switch.activate admin@example.com',
      'approval.request admin@example.com',
      'approval.use second@example.com',
      'kill_switch.deactivate second@example.com',
    ])
    const done = await bench.api.call('GET', RELEASES, { token: bench.admin })
    expect(done.body).toMatchObject({ data: [{ status: 'USED', approved_by: 'second@example.com' }] })
    expect((await approve(idOf(asked))).status).toBe(409)
  })

  it('takes four eyes: neither who asked nor who is no admin approves it', async () => {
    await halt()
    const id = idOf(await release())
    expect((await approve(id, bench.admin)).status).toBe(403)
    for (const role of ['risk', 'trader', 'viewer'] as const)
      expect((await approve(id, await bench.api.enter(bench.api.users[role].userId))).status).toBe(403)
    expect((await approve(randomUUID())).status).toBe(404)
    expect(await levels()).toEqual(['global HALTED'])
  })

  it('is one request however often it is asked for, also by another admin and with a key of its own', async () => {
    await halt()
    const headers = { 'idempotency-key': 'release-1' }
    const first = await release({}, bench.admin, headers)
    const again = await release({}, bench.admin, headers)
    expect([again.status, idOf(again)]).toEqual([202, idOf(first)])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(idOf(await release({}, bench.second))).toBe(idOf(first))
    expect((await actions()).filter((one) => one.startsWith('approval'))).toHaveLength(1)
  })

  it('is bound to what was stopped: a stop that was changed, or set anew, has to be asked for again', async () => {
    await halt({ level: 'reduce' })
    const stale = idOf(await release())
    await halt({ level: 'halt' })
    expect((await approve(stale)).status).toBe(409)
    expect(await levels()).toEqual(['global HALTED'])
    const fresh = idOf(await release())
    expect(fresh).not.toBe(stale)
    expect((await approve(fresh)).status).toBe(200)
    bench.clock.advanceBy(1_000)
    await halt()
    expect((await approve(stale)).status).toBe(409)
    expect(await levels()).toEqual(['global HALTED'])
  })

  it('ends when it is revoked, and after a day', async () => {
    await halt()
    const revoked = idOf(await release())
    const path = `/v1/controls/approvals/${revoked}/revoke`
    expect((await post(path, { reason: 'not yet' }, bench.second)).status).toBe(200)
    expect((await approve(revoked)).status).toBe(409)
    const late = idOf(await release())
    expect(late).not.toBe(revoked)
    bench.clock.advanceBy(86_400_000)
    bench.second = await bench.api.enter(bench.secondId)
    bench.admin = await bench.api.enter(bench.api.users.admin.userId)
    expect((await approve(late)).status).toBe(409)
    expect(await levels()).toEqual(['global HALTED'])
  })

  it('is needed for a symbol that a LIVE strategy trades, and not where another scope holds it or only paper trades', async () => {
    await halt({ symbol: 'ACME' })
    expect((await release({ symbol: 'ACME' })).status).toBe(202)
    await halt()
    await halt({ strategy_id: 'ana_v1' })
    // Everything is halted: nothing trades again by these.
    expect((await release({ symbol: 'ACME' })).status).toBe(200)
    expect((await release({ strategy_id: 'ana_v1' })).status).toBe(200)
    await halt({ strategy_id: 'other_v1' })
    expect((await release()).status).toBe(202)
    expect((await release({ strategy_id: 'other_v1' })).status).toBe(200)
  })

  it('is needed for a latch of the risk engine that holds it, and ends that as well', async () => {
    await bench.api.deps.desk.run('LIVE', (ctx) => {
      const book = ensureDefined(ctx.books.strategies.get('ana_v1'), 'ana_v1')
      for (let n = 0; n < 4; n += 1)
        foldStrategy(ctx, book, { type: 'collar_breached', at: ctx.at.getTime() })
    })
    expect(await levels()).toEqual(['strategy:ana_v1 REDUCING'])
    const asked = await release({ strategy_id: 'ana_v1' })
    expect([asked.status, await levels()]).toEqual([202, ['strategy:ana_v1 REDUCING']])
    expect((await approve(idOf(asked))).status).toBe(200)
    expect(await levels()).toEqual([])
    expect(await actions()).toContain('risk_latch.release second@example.com')
  })
})

describePostgres('a release that is approved by many at once', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await startBench('postgres')
  })
  afterEach(() => bench?.api.close())
  const { halt, release, approve, actions } = actsOf(() => bench)

  it('is done by one of them', async () => {
    await halt()
    const id = idOf(await release())
    const answers = await Promise.all(Array.from({ length: 20 }, () => approve(id)))
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    expect([count(200), count(409)]).toEqual([1, 19])
    const done = (await actions()).filter((one) => /deactivate|use/.test(one))
    expect(done).toEqual(['approval.use second@example.com', 'kill_switch.deactivate second@example.com'])
  })
})
