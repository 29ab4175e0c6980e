import { type DatabaseKind, insertInstrument, insertStrategy } from '@quantdeck/db'
import { Decimal, ensureDefined, usdRateOf, VirtualClock } from '@quantdeck/domain'
import type { RiskState } from '@quantdeck/risk'
import { isDeepStrictEqual } from 'node:util'
import { SimulatedExchange } from '../../src/broker/simulated-exchange.ts'
import { price, setLimits } from '../desk/acts.ts'
import { storedAndFolded } from '../desk/facts.ts'
import { ACME, strategy, TestBroker } from '../desk/house.ts'
import { type Answer, startTestApi, type TestApi } from '../harness.ts'
import { emptyTables } from '../harness/empty-tables.ts'

/** Noon of every day of the model: no instant of it is in another day of the strategy (UTC) or the account (Bogota). */
const FIRST_NOON = Date.parse('2026-01-07T12:00:00Z')
const DAY_MS = 86_400_000
const TOKEN_MS = 300_000
const CHANGED = [
  ...['strategies', 'orders', 'fills', 'positions', 'signals', 'equity_points', 'marks'],
  ...['risk_events', 'risk_states', 'kill_switches', 'strategy_limits', 'global_limits'],
]

export const ALLOCATION_CENTS = 3_000_000
export const ACCOUNT_CENTS = 10_000_000
export const TRADES_PER_DAY = 3
export const LOSS_STREAK = 2
export const QUANTITY = 40

/** What a strategy's risk status says, as the rl family shows it. */
export interface RiskStatus {
  kill_switch_active: boolean
  trades_today: number
  consecutive_losses: number
  cooldown_until: string | null
  daily_blocked: boolean
}

/** The product behind its REST door, with a broker that fills at the price and costs nothing, on a clock of its own. */
export class ControlsWorld {
  readonly api: TestApi
  readonly clock: VirtualClock
  readonly #broker: TestBroker
  #token = ''
  #enteredAt = Number.NEGATIVE_INFINITY
  #days = 0

  private constructor(api: TestApi, clock: VirtualClock, broker: TestBroker) {
    this.api = api
    this.clock = clock
    this.#broker = broker
  }

  static async open(engine: DatabaseKind): Promise<ControlsWorld> {
    const clock = new VirtualClock(new Date(FIRST_NOON))
    let api: TestApi | null = null
    const exchange = new SimulatedExchange({
      instrumentOf: (symbol) => api?.deps.desk.instrument(symbol),
      usdRateOf,
      costs: { slippageBps: 0, feeBps: 0, minimumFeeUsd: 0 },
    })
    const broker = new TestBroker(exchange, clock)
    api = await startTestApi({ engine, clock, openBroker: () => broker })
    await insertInstrument(api.deps.db.kysely, ACME)
    return new ControlsWorld(api, clock, broker)
  }

  get #house() {
    return { desk: this.api.deps.desk, db: this.api.deps.db, broker: this.#broker, clock: this.clock }
  }

  /** Nothing has happened yet, on the morning of a new day. */
  async reset(limits: Parameters<typeof setLimits>[1] = {}): Promise<void> {
    const { db, desk } = this.api.deps
    const { latch } = this.api.deps
    await latch.drop(latch.entries().map(({ id }) => id))
    await emptyTables(db, CHANGED)
    await insertStrategy(db.kysely, strategy({ allocatedCapital: new Decimal(ALLOCATION_CENTS).div(100) }))
    await setLimits({ db }, { maxTradesPerDay: TRADES_PER_DAY, lossStreak: LOSS_STREAK, ...limits })
    desk.invalidate()
    await this.nextDay()
    await this.price(100)
  }

  /** The same time of the next day. */
  async nextDay(): Promise<void> {
    this.#days += 1
    this.clock.advanceTo(new Date(FIRST_NOON + this.#days * DAY_MS))
  }

  get isEvening(): boolean {
    return this.clock.nowMs() > FIRST_NOON + this.#days * DAY_MS + 8 * 3_600_000
  }

  async price(value: number): Promise<void> {
    await price(this.#house, 'ACME', value)
  }

  async order(side: 'BUY' | 'SELL'): Promise<Answer> {
    return this.#call('POST', '/v1/orders', orderBody(side))
  }

  /** Codes that an order would be refused with, those of the account and the strategy together. */
  async refusals(side: 'BUY' | 'SELL'): Promise<string[]> {
    const { status, body, text } = await this.#call('POST', '/v1/orders/preview', orderBody(side))
    if (status !== 200) throw new Error(`preview: ${status} ${text}`)
    const { violations } = (body as { data: { violations: { code: string }[] } }).data
    return [...new Set(violations.map(({ code }) => code))].sort()
  }

  async status(): Promise<RiskStatus> {
    const { status, body, text } = await this.#call('GET', '/api/risk/status?strategy_code=ana_v1')
    if (status !== 200) throw new Error(`status: ${status} ${text}`)
    return body as RiskStatus
  }

  /** A person stops the strategy, or releases what holds it. */
  async switch(action: 'activate' | 'deactivate'): Promise<void> {
    // A stop is known by its instant: no two decisions of a person share one.
    this.clock.advanceBy(1)
    await this.#enter()
    if (action === 'deactivate') await this.api.confirm(this.#token)
    const answer = await this.#call('POST', '/v1/controls/kill-switch', {
      action,
      strategy_id: 'ana_v1',
      reason: 'the model says so',
    })
    if (answer.status !== 200) throw new Error(`${action}: ${answer.status} ${answer.text}`)
  }

  /** The database holds what its own events lead to. */
  async assertReplays(): Promise<void> {
    for (const { scope, stored, folded } of await storedAndFolded(this.#house)) {
      if (!isDeepStrictEqual(stored, folded))
        throw new Error(
          `${scope}: stored ${JSON.stringify(stored)}, its events lead to ${JSON.stringify(folded)}`,
        )
    }
    const before = await this.#live()
    this.api.deps.desk.invalidate()
    const after = await this.#live()
    if (!isDeepStrictEqual(before, after))
      throw new Error(`in memory ${JSON.stringify(before)}, after a restart ${JSON.stringify(after)}`)
  }

  async #live(): Promise<RiskState[]> {
    return this.api.deps.desk.read('PAPER', (books) => [
      books.risk,
      ensureDefined(books.strategies.get('ana_v1'), 'ana_v1').risk,
    ])
  }

  async #enter(): Promise<void> {
    this.#token = await this.api.enter(this.api.users.admin.userId)
    this.#enteredAt = this.clock.nowMs()
  }

  /** Tokens live for minutes, and the clock makes leaps. */
  async #call(method: string, path: string, body?: unknown): Promise<Answer> {
    if (this.clock.nowMs() - this.#enteredAt > TOKEN_MS) await this.#enter()
    return this.api.call(method, path, { token: this.#token, ...(body !== undefined && { body }) })
  }

  async close(): Promise<void> {
    await this.api.close()
  }
}

function orderBody(side: 'BUY' | 'SELL') {
  return {
    strategy_id: 'ana_v1',
    symbol: 'ACME',
    side,
    quantity: String(QUANTITY),
    order_type: 'MARKET',
    time_in_force: 'DAY',
    allow_duplicate: true,
    ...(side === 'SELL' && { reduce_only: true }),
  }
}
