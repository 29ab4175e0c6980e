import { insertInstrument, insertStrategy, listAudit } from '@quantdeck/db'
import { describeEngines, sampleInstrument, sampleStrategy } from '@quantdeck/db/testing'
import { Decimal, ensureDefined, VirtualClock } from '@quantdeck/domain'
import type { RiskEvent } from '@quantdeck/risk'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { foldStrategy } from '../src/desk/risk-fold.ts'
import { setLimits } from './desk/acts.ts'
import { type Answer, startTestApi, type TestApi } from './harness.ts'

const KILL = '/v1/controls/kill-switch'

describeEngines('the execution throttle', (engine) => {
  let api: TestApi
  let admin: string
  beforeEach(async () => {
    const clock = new VirtualClock(new Date('2026-01-07T16:30:00Z'))
    api = await startTestApi({ engine, clock })
    const { db } = api.deps
    await insertInstrument(db.kysely, sampleInstrument({ symbol: 'ACME', calendar: '24/7' }))
    const common = { universe: ['ACME'], config: {}, allocatedCapital: new Decimal(30_000) }
    for (const strategyId of ['ana_v1', 'other_v1'])
      await insertStrategy(db.kysely, sampleStrategy({ ...common, strategyId }))
    await setLimits({ db }, { executionThrottle: 3 })
    api.deps.desk.invalidate()
    admin = await api.enter(api.users.admin.userId)
  })
  afterEach(() => api?.close())

  const fold = (strategyId: string, type: 'executed' | 'collar_breached', times: number) =>
    api.deps.desk.run('PAPER', (ctx) => {
      const book = ensureDefined(ctx.books.strategies.get(strategyId), strategyId)
      const event: RiskEvent = { type, at: ctx.at.getTime() }
      for (let n = 0; n < times; n += 1) foldStrategy(ctx, book, event)
    })
  const rearm = (token: string, strategyId = 'ana_v1') =>
    api.call('POST', `/v1/strategies/${strategyId}/re-arm`, { token, body: { reason: 'looked at it' } })
  const data = (answer: Answer) => (answer.body as { data: unknown }).data

  async function held(): Promise<string[]> {
    const { body } = await api.call('GET', KILL, { token: admin })
    const { scopes } = (body as { data: { scopes: { scope: string; cause: string }[] } }).data
    return scopes.map(({ scope, cause }) => `${scope} ${cause}`).sort()
  }

  it('is armed again by a person, counts from 0 and lets that strategy alone trade on', async () => {
    await fold('ana_v1', 'executed', 3)
    await fold('other_v1', 'executed', 3)
    expect(await held()).toEqual([
      'strategy:ana_v1 execution_throttle',
      'strategy:other_v1 execution_throttle',
    ])
    const risk = await api.enter(api.users.risk.userId)
    expect(data(await rearm(risk))).toEqual({
      ...{ strategy_id: 'ana_v1', executions: 3, was_tripped: true, trading_state: 'ACTIVE' },
    })
    expect(await held()).toEqual(['strategy:other_v1 execution_throttle'])
    // As after a restart: the state is what the stored events lead to.
    api.deps.desk.invalidate()
    expect(await held()).toEqual(['strategy:other_v1 execution_throttle'])
    await fold('ana_v1', 'executed', 2)
    expect(await held()).toHaveLength(1)
    await fold('ana_v1', 'executed', 1)
    expect(await held()).toHaveLength(2)
  })

  it('may be armed again before it trips, and has one audit entry for each time that it had counted', async () => {
    await fold('ana_v1', 'executed', 2)
    expect(data(await rearm(admin))).toMatchObject({ executions: 2, was_tripped: false })
    expect(data(await rearm(admin))).toMatchObject({ executions: 0, was_tripped: false })
    const page = { limit: 10, offset: 0 }
    const { entries } = await listAudit(api.deps.db.kysely, { action: 'execution_throttle.rearm' }, page)
    expect(entries).toMatchObject([
      {
        ...{ entityId: 'strategy:ana_v1:PAPER', reason: 'looked at it', actorLabel: 'admin@example.com' },
        ...{ before: { executions: 2, tripped: false }, after: { executions: 0, tripped: false } },
      },
    ])
  })

  it('releases nothing else: another latch and a switch hold on', async () => {
    await fold('ana_v1', 'executed', 3)
    await fold('ana_v1', 'collar_breached', 4)
    expect(data(await rearm(admin))).toMatchObject({ was_tripped: true, trading_state: 'REDUCING' })
    const stop = { action: 'activate', reason: 'storm', strategy_id: 'ana_v1' }
    await api.call('POST', KILL, { token: admin, body: stop })
    expect(data(await rearm(admin))).toMatchObject({ trading_state: 'HALTED' })
    expect(await held()).toEqual(['strategy:ana_v1 manual', 'strategy:ana_v1 price_collar'])
  })

  it('is not armed again by a trader, nor for a strategy that nobody knows', async () => {
    expect((await rearm(await api.enter(api.users.trader.userId))).status).toBe(403)
    expect((await rearm(admin, 'nobody_v1')).status).toBe(404)
  })
})
