import {
  type DatabaseKind,
  insertInstrument,
  insertStrategy,
  insertUser,
  listAlerts,
  listAudit,
} from '@quantdeck/db'
import { createTestDatabase, sampleStrategy, type TestDatabase } from '@quantdeck/db/testing'
import { Decimal, ensureDefined, TRADING_MODES, usdRateOf, VirtualClock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SimulatedExchange } from '../../src/broker/simulated-exchange.ts'
import { price, setLimits } from '../desk/acts.ts'
import { ACME, TestBroker } from '../desk/house.ts'
import { WIDE_LIMITS } from '../desk/model/pure-system.ts'
import { type Answer, startTestApi, type TestApi } from '../harness.ts'
import type { Product } from '../models/machine.ts'
import { byScope, type KillAct, type Scope, STRATEGIES, type StrategyId } from './http-reference.ts'
import { emptyTables } from '../harness/empty-tables.ts'

const KILL = '/v1/controls/kill-switch'
const TICK_MS = 1_000
const START = Date.parse('2026-01-07T16:30:00Z')
const CHANGED = [
  ...['kill_switches', 'release_requests', 'orders', 'fills', 'positions'],
  ...['risk_events', 'risk_states', 'equity_points'],
]

/** A mistake that the model has to find: what a product would do that forgot something. */
export type Defect = 'none' | 'counts from the last activation' | 'lets a release of real money pass'

type Who = 'admin' | 'risk' | 'second'

interface Kill {
  approval_id?: string
  data: { kill_switch_active: boolean; affected_strategies: string[]; activated_at: string | null }
}

/** The whole server behind its REST door, on one database and one disk over its restarts. */
export class KillWorld implements Product<KillAct> {
  readonly #engine: DatabaseKind
  readonly #database: TestDatabase
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-kill-'))
  readonly #clock = new VirtualClock(new Date(START))
  readonly #tokens = new Map<Who, string>()
  readonly #requests = new Map<Scope, string>()
  /** Outside of the server: it outlives its restarts. */
  readonly #broker: TestBroker
  readonly #secondId = randomUUID()
  #api: TestApi | null = null
  #defect: Defect = 'none'
  /** Instant of the tick 0, and what was there before. */
  #begin = START
  #before = { changes: 0, alerts: 0, approvals: 0, sent: 0 }

  private constructor(engine: DatabaseKind, database: TestDatabase) {
    this.#engine = engine
    this.#database = database
    const exchange = new SimulatedExchange({
      instrumentOf: (symbol) => this.#api?.deps.desk.instrument(symbol),
      usdRateOf,
      costs: { slippageBps: 0, feeBps: 0, minimumFeeUsd: 0 },
    })
    this.#broker = new TestBroker(exchange, this.#clock)
  }

  static async open(engine: DatabaseKind): Promise<KillWorld> {
    const world = new KillWorld(engine, await createTestDatabase(engine))
    await world.#start(null)
    await world.#furnish()
    return world
  }

  get #running(): TestApi {
    return ensureDefined(this.#api ?? undefined, 'a running server')
  }

  async #start(joins: TestApi | null): Promise<void> {
    this.#api = await startTestApi({
      ...{ engine: this.#engine, clock: this.#clock, openBroker: () => this.#broker, logLevel: 'warn' },
      database: { ...this.#database, close: async () => {} },
      env: { DATA_DIR: this.#dataDir },
      ...(joins !== null && { joins }),
    })
  }

  async #furnish(): Promise<void> {
    const { db } = this.#running.deps
    await insertInstrument(db.kysely, ACME)
    await insertInstrument(db.kysely, { ...ACME, symbol: 'BETA' })
    const common = { config: {}, allocatedCapital: new Decimal(30_000) }
    for (const [strategyId, symbol] of Object.entries(STRATEGIES)) {
      const mode = strategyId === 'real_v1' ? 'LIVE' : 'PAPER'
      await insertStrategy(db.kysely, sampleStrategy({ ...common, strategyId, mode, universe: [symbol] }))
    }
    await setLimits({ db }, WIDE_LIMITS)
    await db.executeSql('update accounts set initial_capital = 100000')
    const at = this.#clock.now()
    const second = { userId: this.#secondId, email: 'second@example.com', name: 'Second' }
    const user = { ...second, role: 'admin' as const, passwordHash: 'none', createdAt: at, updatedAt: at }
    await insertUser(db.kysely, user)
  }

  /** Nothing is stopped, nothing was asked for. */
  async reset(defect: Defect = 'none'): Promise<this> {
    const { db, desk, latch } = this.#running.deps
    this.#defect = defect
    await latch.drop(latch.entries().map(({ id }) => id))
    const { exchange } = this.#broker
    for (const { clientOrderId } of TRADING_MODES.flatMap((mode) => exchange.openOrders(mode)))
      exchange.cancel(clientOrderId, this.#clock.now())
    await emptyTables(db, CHANGED)
    desk.invalidate()
    this.#requests.clear()
    this.#clock.advanceBy(60_000)
    const { admin, risk } = this.#running.users
    for (const [who, userId] of Object.entries({
      admin: admin.userId,
      risk: risk.userId,
      second: this.#secondId,
    }))
      this.#tokens.set(who as Who, await this.#running.enter(userId))
    this.#begin = this.#clock.nowMs()
    this.#before = await this.#counted()
    return this
  }

  async act(act: KillAct): Promise<unknown> {
    this.#clock.advanceBy(TICK_MS)
    switch (act.type) {
      case 'activate':
        return this.#activate(act)
      case 'release':
        return this.#release(act.scope, act.by)
      case 'release without a reason':
        return { status: (await this.#post('admin', KILL, this.#body('deactivate', act.scope))).status }
      case 'approve':
        return this.#approve(act.scope, act.by)
      case 'order':
        return this.#order(act.strategy)
      case 'restart':
        return this.#restart()
    }
  }

  async #activate({ scope, level, by }: Extract<KillAct, { type: 'activate' }>): Promise<unknown> {
    const body = { ...this.#body('activate', scope), reason: 'storm', on_activate: 'none' }
    const asked = { ...body, level: level === 'HALTED' ? 'halt' : 'reduce' }
    const { status, body: answer } = await this.#post(by, KILL, asked)
    if (this.#defect === 'counts from the last activation')
      await this.#running.deps.db.kysely
        .updateTable('killSwitches')
        .set({ activatedAt: this.#clock.now() })
        .where('scope', '=', scope)
        .execute()
    const { data } = answer as Kill
    const { kill_switch_active: active, affected_strategies: affected, activated_at: since } = data
    return { status, active, affected, since: this.#tick(since) }
  }

  async #release(scope: Scope, by: 'admin' | 'risk'): Promise<unknown> {
    const body = { ...this.#body('deactivate', scope), reason: 'calm' }
    const { status, body: answer } = await this.#post(by, KILL, body)
    if (status !== 200 && status !== 202) return { status }
    const { approval_id: id, data } = answer as Kill
    if (id !== undefined) this.#requests.set(scope, id)
    if (id !== undefined && this.#defect === 'lets a release of real money pass')
      await this.#approve(scope, 'second')
    return { status, active: data.kill_switch_active, affected: data.affected_strategies }
  }

  async #approve(scope: Scope, by: 'admin' | 'second'): Promise<unknown> {
    const id = this.#requests.get(scope) ?? randomUUID()
    const { status } = await this.#post(by, `/v1/controls/approvals/${id}/approve`, undefined)
    return { status }
  }

  /** It rests below the market: nothing is held, whatever leaves. */
  async #order(strategyId: StrategyId): Promise<unknown> {
    const symbol = STRATEGIES[strategyId]
    await this.#price(symbol)
    const { status } = await this.#post('admin', '/v1/orders', this.#orderOf(strategyId))
    return { status }
  }

  #orderOf(strategyId: StrategyId) {
    return {
      ...{ strategy_id: strategyId, symbol: STRATEGIES[strategyId], side: 'BUY', quantity: '1' },
      ...{ order_type: 'LIMIT', limit_price: '98.00', time_in_force: 'DAY', allow_duplicate: true },
    }
  }

  async #price(symbol: string): Promise<void> {
    const { desk } = this.#running.deps
    await price({ desk, broker: this.#broker, clock: this.#clock }, symbol, 100)
  }

  async #restart(): Promise<unknown> {
    const before = this.#running
    await before.close()
    await this.#start(before)
    return { status: 200 }
  }

  async view(): Promise<unknown> {
    const { body } = await this.#running.call('GET', KILL, { token: this.#token('admin') })
    const { scopes } = (
      body as { data: { scopes: { scope: string; level: string; activated_at: string }[] } }
    ).data
    const stopped = scopes.map(({ scope, level, activated_at }) => ({
      ...{ scope, level, since: this.#tick(activated_at) },
    }))
    const held: [string, string][] = []
    for (const id of Object.keys(STRATEGIES)) held.push([id, await this.#holding(id as StrategyId)])
    const now = await this.#counted()
    return {
      stopped: stopped.sort(byScope),
      held: Object.fromEntries(held),
      changes: now.changes - this.#before.changes,
      alerts: now.alerts - this.#before.alerts,
      approvals: now.approvals - this.#before.approvals,
      sent: now.sent - this.#before.sent,
    }
  }

  /** What an order would be refused for, by what is stopped. */
  async #holding(strategyId: StrategyId): Promise<string> {
    const { status, body, text } = await this.#post('admin', '/v1/orders/preview', this.#orderOf(strategyId))
    if (status !== 200) throw new Error(`preview: ${status} ${text}`)
    const { violations } = (body as { data: { violations: { code: string }[] } }).data
    const codes = violations.map(({ code }) => code)
    if (codes.includes('TRADING_HALTED')) return 'HALTED'
    return codes.includes('TRADING_STATE_REDUCING') ? 'REDUCING' : 'ACTIVE'
  }

  async #counted() {
    const { kysely } = this.#running.deps.db
    const none = { limit: 1, offset: 0 }
    const count = async (entity: string) => (await listAudit(kysely, { entity }, none)).totalCount
    const critical = { visible: 'all', severity: 'CRITICAL' } as const
    return {
      changes: await count('kill_switch'),
      approvals: await count('approval'),
      alerts: (await listAlerts(kysely, critical, none)).totalCount,
      sent: this.#broker.sent.length,
    }
  }

  #tick(instant: string | null): number | null {
    return instant === null ? null : (Date.parse(instant) - this.#begin) / TICK_MS
  }

  #body(action: 'activate' | 'deactivate', scope: Scope) {
    if (scope === 'global') return { action }
    const name = scope.replace(/^\w+:/, '')
    return scope.startsWith('symbol:') ? { action, symbol: name } : { action, strategy_id: name }
  }

  #token(who: Who): string {
    return ensureDefined(this.#tokens.get(who), who)
  }

  #post(who: Who, path: string, body: object | undefined): Promise<Answer> {
    return this.#running.call('POST', path, { token: this.#token(who), body })
  }

  async close(): Promise<void> {
    await this.#api?.close()
    await this.#database.close()
    rmSync(this.#dataDir, { recursive: true, force: true })
  }
}
