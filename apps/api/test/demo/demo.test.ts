import { faultyDatabase, LineCut } from '@quantdeck/db/testing'
import {
  calendarById,
  dayInZone,
  ensureDefined,
  lastSessions,
  sessionOf,
  VirtualClock,
} from '@quantdeck/domain'
import { currentDrawdown, latchedTradingState, maxDrawdown, type RiskState } from '@quantdeck/risk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemActor } from '../../src/auth/actor.ts'
import type { LiveDemo } from '../../src/demo/live.ts'
import { startDemo } from '../../src/demo/index.ts'
import { findProgress } from '../../src/demo/progress.ts'
import { assembleDesk, resumeDesk } from '../../src/desk/assemble.ts'
import { listMarkets } from '../../src/features/market/operations.ts'
import { listModelHealth } from '../../src/features/models/operations.ts'
import { startTestApi, type TestApi } from '../harness.ts'
import { DEMO_NOW } from '../harness/demo.ts'

const NOW = new Date(DEMO_NOW)
const BUILD_MS = 180_000
const ACTOR = systemActor('test')
const SPX_STRATEGIES = ['momentum_v1', 'mean_reversion_v1']
const MODELS = ['ppo_v1', 'sac_v2']
const BOGOTA = 'America/Bogota'

let api: TestApi
let clock: VirtualClock

beforeAll(async () => {
  clock = new VirtualClock(NOW)
  api = await startTestApi({ clock })
  await (await start(api)).stop()
}, BUILD_MS)
afterAll(() => api.close())

/** A process that starts on a database: its own desk over whatever is there. */
async function start(target: TestApi): Promise<LiveDemo> {
  const parts = assembleDesk(target.deps)
  const deps = { ...target.deps, desk: parts.desk, broker: parts.broker }
  await resumeDesk(deps, parts)
  return startDemo(deps, { tools: parts.tools, ownerId: target.users.admin.userId, onProgress: () => {} })
}

async function rows<T>(text: string, target = api): Promise<T[]> {
  return (await target.deps.db.executeSql(text)).rows as T[]
}

interface Trade {
  strategy_id: string
  opened_at: Date
  closed_at: Date
  facts: string
}

const trades = (target?: TestApi) =>
  rows<Trade>(
    `select strategy_id, opened_at, closed_at, concat_ws(' ', strategy_id, symbol, side, peak_quantity,
       entry_price, exit_price, realized_usd, fees_usd, opened_at, closed_at) as facts
     from positions where closed_at is not null order by closed_at, strategy_id, opened_at`,
    target,
  )

describe('the demo market, built on a Saturday night', () => {
  it('has the real index on the last 1,259 New York sessions, bar by bar', async () => {
    const bars = await rows<{ opened_at: Date; closed_at: Date }>(
      `select opened_at, closed_at from bars where symbol = 'SPX' order by opened_at`,
    )
    const sessions = lastSessions(calendarById('NYSE'), 1259, NOW)
    expect(bars.map(({ opened_at: at }) => at.getTime())).toEqual(sessions.map(({ openMs }) => openMs))
    expect(bars.map(({ closed_at: at }) => at.getTime())).toEqual(sessions.map(({ closeMs }) => closeMs))
  })

  it('has 60 sessions of USD/COP in five-minute bars, 08:00 to 13:00 in Bogota', async () => {
    const bars = await rows<{ opened_at: Date }>(
      `select opened_at from bars where symbol = 'USD/COP' and opened_at < '${NOW.toISOString()}' order by opened_at`,
    )
    const calendar = calendarById('USDCOP')
    expect(bars.every(({ opened_at: at }) => sessionOf(calendar, at) !== null)).toBe(true)
    const perDay = Map.groupBy(bars, ({ opened_at: at }) => dayInZone(at, BOGOTA))
    expect(perDay.size).toBe(60)
    for (const ofDay of perDay.values()) expect(ofDay).toHaveLength(60)
  })

  it('holds a position and has at least 30 closed trades per index strategy', async () => {
    const open = await rows('select 1 from positions where closed_at is null')
    expect(open.length).toBeGreaterThanOrEqual(1)
    const closed = Map.groupBy(await trades(), (trade) => trade.strategy_id)
    for (const id of SPX_STRATEGIES) expect(closed.get(id)?.length ?? 0, id).toBeGreaterThanOrEqual(30)
    for (const id of MODELS) expect(closed.get(id)?.length ?? 0, id).toBeGreaterThan(0)
  })

  it('lets a model trade at most six round trips a session', async () => {
    const perSession = Map.groupBy(
      (await trades()).filter(({ strategy_id: id }) => MODELS.includes(id)),
      ({ strategy_id: id, opened_at: at }) => `${id} ${dayInZone(at, BOGOTA)}`,
    )
    for (const [session, ofSession] of perSession) expect(ofSession.length, session).toBeLessThanOrEqual(6)
  })

  it('never sends an index order of more than half the allocation', async () => {
    const large = await rows(
      `select 1 from orders where symbol = 'SPX' and is_entry and status = 'FILLED'
         and filled_quantity * average_fill_price > 15000 * 1.02`,
    )
    expect(large).toEqual([])
  })

  it('stays under 10 % of drawdown in the account and in every strategy, and nothing is stopped', async () => {
    const points = await rows<{ scope: string; equity: string }>(
      'select scope, equity::text as equity from equity_points order by scope, at',
    )
    const scopes = Map.groupBy(points, ({ scope }) => scope)
    expect(scopes.size).toBe(5)
    for (const [scope, curve] of scopes) {
      const equity = curve.map((point) => Number(point.equity))
      expect(maxDrawdown(equity), scope).toBeGreaterThan(-0.1)
      expect(currentDrawdown(equity), scope).toBeGreaterThan(-0.1)
    }
    expect(await rows('select 1 from kill_switches')).toEqual([])
    const states = await rows<{ state: RiskState }>('select state from risk_states')
    for (const { state } of states) expect(latchedTradingState(state)).toBe('ACTIVE')
  })

  it('has models with a conclusive verdict, none of them critical', async () => {
    const reports = await listModelHealth(api.deps, ACTOR)
    expect(reports.map(({ strategy }) => strategy.strategyId).sort()).toEqual(MODELS)
    for (const { health } of reports) {
      expect(health.conclusive).toBe(true)
      expect(health.status).not.toBe('critical')
    }
  })

  it('leaves exactly the last three alerts to be acknowledged', async () => {
    const alerts = await rows<{ acknowledged: boolean; acknowledged_by: string | null }>(
      'select acknowledged, acknowledged_by from alerts order by created_at desc, seq desc',
    )
    expect(alerts.slice(0, 3).every(({ acknowledged }) => !acknowledged)).toBe(true)
    expect(alerts.length).toBeGreaterThan(3)
    for (const alert of alerts.slice(3))
      expect(alert).toEqual({ acknowledged: true, acknowledged_by: 'demo' })
  })

  it('tells nobody about its history, but keeps its signals for replay', async () => {
    const found = await rows<{ topic: string; push: boolean }>(
      `select distinct topic, push from outbox where created_at < '${NOW.toISOString()}'`,
    )
    expect(found).toEqual([{ topic: 'signals', push: false }])
  })

  it('computes every account figure from the fills', async () => {
    const [sums] = await rows<{ differences: number }>(
      `select count(*)::int as differences from (
         select strategy_id, symbol, sum(case side when 'BUY' then quantity else -quantity end) as units
         from fills group by 1, 2
       ) f full join (
         select strategy_id, symbol, sum(quantity) as units from positions group by 1, 2
       ) p using (strategy_id, symbol) where f.units is distinct from p.units`,
    )
    expect(sums?.differences).toBe(0)
  })

  it('has something for every page', async () => {
    const token = await api.login('admin')
    const lists = [
      ...['/v1/strategies', '/v1/positions', '/v1/orders', '/v1/runs', '/v1/alerts', '/v1/signals'],
      ...['/v1/trades', '/v1/market/status', '/v1/instruments', '/v1/market-data/bars?symbol=SPX'],
    ]
    for (const path of lists) {
      const { status, body, text } = await api.call('GET', path, { token })
      expect(status, text).toBe(200)
      expect((body as { data: unknown[] }).data.length, path).toBeGreaterThan(0)
    }
    for (const period of ['1w', '1m', '3m', '1y', 'all']) {
      const { body } = await api.call('GET', `/v1/metrics/summary?period=${period}`, { token })
      expect((body as { data: { total_trades: number } }).data.total_trades, period).toBeGreaterThan(0)
    }
    const health = await api.call('GET', '/api/monitor/health', { token })
    expect((health.body as { models: unknown[] }).models).toHaveLength(2)
    const latest = await api.call('GET', '/api/signals/latest', { token })
    expect((latest.body as { signals: unknown[] }).signals).toHaveLength(4)
  })

  it('has no number on the wire that is none, and no minus zero', async () => {
    const token = await api.login('admin')
    const paths = [
      ...['/v1/metrics/summary?period=all', '/v1/metrics/summary?mode=LIVE', '/v1/metrics/summary?period=1d'],
      ...['/v1/positions', '/v1/orders?per_page=100', '/v1/signals?per_page=100', '/v1/trades?per_page=100'],
      ...['/v1/alerts', '/v1/strategies', '/api/performance?period=all', '/api/performance?period=1d'],
      ...['/api/positions', '/api/risk/status', '/api/monitor/health', '/v1/strategies/momentum_v1'],
    ]
    for (const path of paths) {
      const { text, status } = await api.call('GET', path, { token })
      expect(status, path).toBe(200)
      expect(text.match(/NaN|Infinity|"-0(\.0+)?"|:-0[,}]/), path).toBeNull()
    }
  })
})

describe('a build that was cut off', () => {
  it(
    'goes on where it stopped and ends in the same trades',
    async () => {
      const second = await startTestApi({ clock: new VirtualClock(NOW) })
      try {
        const { db, fault } = faultyDatabase(second.deps.db)
        const parts = assembleDesk({ ...second.deps, db })
        const cut = { ...second.deps, db, desk: parts.desk, broker: parts.broker }
        // In the middle of a batch, somewhere in the middle of the history.
        fault.arm(150, 'before')
        const { admin } = second.users
        await expect(
          startDemo(cut, { tools: parts.tools, ownerId: admin.userId, onProgress: () => {} }),
        ).rejects.toThrow(LineCut)
        const done = (await findProgress(second.deps.db.kysely))?.eventsDone ?? 0
        expect(done).toBeGreaterThan(0)
        await (await start(second)).stop()
        expect((await findProgress(second.deps.db.kysely))?.eventsDone).toBeNull()
        const facts = async (target: TestApi) => (await trades(target)).map((trade) => trade.facts)
        expect(await facts(second)).toEqual(await facts(api))
      } finally {
        await second.close()
      }
    },
    BUILD_MS,
  )
})

describe('the live demo', () => {
  const count = async (table: string) =>
    (await rows<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? 0

  it(
    'ticks: prices, bars, a word of each model every minute, and no stale market',
    async () => {
      const live = await start(api)
      await live.stop()
      const before = { signals: await count('signals'), bars: await count('bars') }
      for (let tick = 0; tick < 330; tick += 1) {
        clock.advanceBy(2000)
        await live.tick()
      }
      // Eleven minutes: two models, at least ten times each; two bars of five minutes.
      expect((await count('signals')) - before.signals).toBeGreaterThanOrEqual(20)
      expect((await count('signals')) - before.signals).toBeLessThanOrEqual(24)
      expect((await count('bars')) - before.bars).toBe(2)
      const markets = await listMarkets(api.deps, ACTOR)
      expect(markets.map(({ isStale }) => isStale)).toEqual([false, false])
      const usdcop = ensureDefined(
        markets.find(({ isPrimary }) => isPrimary),
        'USD/COP',
      )
      expect([usdcop.status, usdcop.priceAt]).toEqual(['open', clock.now()])
      expect(await rows(`select 1 from outbox where topic = 'signals' and push`)).not.toHaveLength(0)
    },
    BUILD_MS,
  )

  it(
    'after days off catches up with at most five sessions, in the order of time, and is fresh',
    async () => {
      clock.advanceTo(new Date('2026-01-24T23:30:00Z'))
      const before = await rows<{ last: Date }>(`select max(at) as last from equity_points`)
      await (await start(api)).stop()
      const since = ensureDefined(before[0], 'a point').last.toISOString()
      const bars = await rows<{ symbol: string; n: number }>(
        `select symbol, count(*)::int as n from bars where opened_at > '${since}' group by 1 order by 1`,
      )
      expect(bars).toEqual([
        { symbol: 'SPX', n: 5 },
        { symbol: 'USD/COP', n: 300 },
      ])
      expect((await listMarkets(api.deps, ACTOR)).map(({ isStale }) => isStale)).toEqual([false, false])
      const [jumps] = await rows<{ n: number }>(
        `select count(*)::int as n from risk_events a join risk_events b
           on b.scope = a.scope and b.seq > a.seq and b.at < a.at where a.at > '${since}'`,
      )
      expect(jumps?.n).toBe(0)
    },
    BUILD_MS,
  )
})
