import {
  type Database,
  type DatabaseKind,
  insertInstrument,
  insertStrategy,
  openDatabase,
} from '@quantdeck/db'
import { createTestDatabase, sampleStrategy } from '@quantdeck/db/testing'
import {
  type Clock,
  Decimal,
  ensureDefined,
  type Instrument,
  type Strategy,
  type TradingMode,
  usdRateOf,
  VirtualClock,
} from '@quantdeck/domain'
import pino from 'pino'
import { systemActor } from '../../src/auth/actor.ts'
import { DEFAULT_COSTS } from '../../src/broker/fill-model.ts'
import type {
  Broker,
  BrokerEvent,
  BrokerFill,
  BrokerOco,
  BrokerOpenOrder,
  BrokerOrder,
  BrokerOrderState,
  BrokerPosition,
  Quote,
} from '../../src/broker/port.ts'
import { SimulatedExchange } from '../../src/broker/simulated-exchange.ts'
import type { Deps } from '../../src/deps.ts'
import { ensureAccounts } from '../../src/desk/assemble.ts'
import { Desk } from '../../src/desk/desk.ts'
import { PageWalks } from '../../src/pages/page-walks.ts'

/** A Wednesday, noon in New York and Bogota: every market is open. */
export const NOON = new Date('2026-01-07T17:00:00Z')
export const ADMIN = systemActor('test')

export const ACME = instrument({ symbol: 'ACME' })
export const SPX = instrument({
  symbol: 'SPX',
  contractType: 'INDEX',
  calendar: 'NYSE',
  lotSize: new Decimal('0.01'),
  barIntervalSeconds: 86_400,
})
export const USDCOP = instrument({ symbol: 'USD/COP', contractType: 'FX', currency: 'COP' })

function instrument(over: Partial<Instrument> & { symbol: string }): Instrument {
  return {
    contractType: 'STOCK',
    currency: 'USD',
    tickSize: new Decimal('0.01'),
    lotSize: new Decimal(1),
    minQuantity: over.lotSize ?? new Decimal(1),
    maxQuantity: null,
    multiplier: new Decimal(1),
    priceDecimals: 2,
    quantityDecimals: 2,
    calendar: '24/7',
    barIntervalSeconds: 300,
    source: 'test',
    ...over,
  }
}

export function strategy(over: Partial<Strategy> = {}): Strategy {
  return sampleStrategy({
    strategyId: 'ana_v1',
    universe: ['ACME', 'SPX', 'USD/COP'],
    allocatedCapital: new Decimal(30_000),
    config: { model_type: 'xgboost' },
    maxPositions: 3,
    ...over,
  })
}

/**
 * A broker without latency over the simulated exchange. `hold` keeps orders on their way; `lose` takes them and says
 * nothing, as a broker whose answers are lost does.
 */
export class TestBroker implements Broker {
  readonly name = 'test'
  readonly hasOwnBooks = true
  readonly sent: BrokerOrder[] = []
  /** Stop loss and take profit pairs, beside `sent`. */
  readonly pairs: BrokerOco[] = []
  readonly cancels: string[] = []
  mode: 'answer' | 'hold' | 'lose' | 'fail' = 'answer'
  /** What happens while an order is being handed over. */
  onSubmit: () => Promise<void> = async () => {}
  /** Cancellations are on their way until `answerCancels`. */
  holdCancels = false
  /** Whether a pair has arrived is unknown; it has not. */
  failPairs = false
  /** Protective orders are none of its business. */
  refusePairs = false
  readonly exchange: SimulatedExchange
  readonly #clock: Clock
  #handler: (events: BrokerEvent[]) => Promise<void> = async () => {}

  constructor(exchange: SimulatedExchange, clock: Clock) {
    this.exchange = exchange
    this.#clock = clock
  }

  async start(): Promise<void> {}

  async submitOco(pair: BrokerOco): Promise<void> {
    this.pairs.push(pair)
    if (this.failPairs) throw new Error('the line was cut')
    await this.#take(() => this.exchange.submitOco(pair, this.#clock.now()))
  }

  async listOpenOrders(mode: TradingMode): Promise<BrokerOpenOrder[]> {
    return this.exchange.openOrders(mode)
  }

  async listPositions(mode: TradingMode): Promise<BrokerPosition[]> {
    return this.exchange.positions(mode)
  }

  async listFills(mode: TradingMode, since: Date): Promise<BrokerFill[]> {
    return this.exchange.fillsSince(mode, since)
  }

  async account(): Promise<null> {
    return null
  }

  async submit(order: BrokerOrder): Promise<void> {
    this.sent.push(order)
    await this.onSubmit()
    if (this.refusePairs && order.clientOrderId.endsWith('-sl')) {
      const { clientOrderId } = order
      return this.#handler([
        { type: 'rejected', clientOrderId, reason: 'no stops here', at: this.#clock.now() },
      ])
    }
    await this.#take(() => this.exchange.submit(order, this.#clock.now()))
  }

  async #take(submit: () => BrokerEvent[]): Promise<void> {
    if (this.mode === 'fail') throw new Error('the line was cut')
    if (this.mode === 'hold') return
    const events = submit()
    if (this.mode === 'answer') await this.#handler(events)
  }

  async cancel(clientOrderId: string): Promise<void> {
    this.cancels.push(clientOrderId)
    if (!this.holdCancels) await this.#cancelNow(clientOrderId)
  }

  async answerCancels(): Promise<void> {
    this.holdCancels = false
    for (const clientOrderId of this.cancels) await this.#cancelNow(clientOrderId)
  }

  async #cancelNow(clientOrderId: string): Promise<void> {
    await this.#handler(this.exchange.cancel(clientOrderId, this.#clock.now()))
  }

  async query(clientOrderId: string): Promise<BrokerOrderState> {
    return this.exchange.query(clientOrderId)
  }

  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void {
    this.#handler = handler
  }

  async quote(quote: Quote): Promise<void> {
    await this.#handler(this.exchange.onQuote(quote))
  }

  onQuote(quote: Quote): void {
    void this.quote(quote)
  }

  status(): { connected: boolean } {
    return { connected: true }
  }

  async close(): Promise<void> {}
}

export interface DeskProcess {
  desk: Desk
  broker: TestBroker
  deps: Deps
}

/** One process's desk over a database. */
export function openDesk(db: Database, clock: VirtualClock): DeskProcess {
  let desk: Desk | null = null
  const exchange = new SimulatedExchange({
    instrumentOf: (symbol) => desk?.instrument(symbol),
    usdRateOf,
    costs: DEFAULT_COSTS,
  })
  const broker = new TestBroker(exchange, clock)
  const log = pino({ level: 'silent' })
  const settings = { riskDayZone: 'America/Bogota', primarySymbol: 'USD/COP' }
  const wakeSealer = () => {}
  desk = new Desk({
    db,
    clock,
    log,
    broker,
    settings,
    wakeSealer,
    onRollback: (ids) => exchange.forget(ids),
  })
  return { desk, broker, deps: tradingDeps({ db, clock, log, desk, broker, wakeSealer }) }
}

/** The operations of trading use no more of the dependencies than these. */
function tradingDeps(parts: Pick<Deps, 'db' | 'clock' | 'log' | 'desk' | 'broker' | 'wakeSealer'>): Deps {
  return { ...parts, pages: new PageWalks(parts.clock) } as Deps
}

export interface DeskHouse extends DeskProcess {
  db: Database
  clock: VirtualClock
  /** Another process over the same database: its own memory, its own broker. */
  another: () => DeskProcess
  /** Everything gone but the instruments and the accounts. */
  reset: (...strategies: Strategy[]) => Promise<void>
  close: () => Promise<void>
}

export async function openDeskHouse(engine: DatabaseKind = 'pglite'): Promise<DeskHouse> {
  const test = await createTestDatabase(engine)
  const { db } = test
  const clock = new VirtualClock(NOON)
  await ensureAccounts({ db, env: { initialCapital: '100000' } as Deps['env'] }, NOON)
  for (const each of [ACME, SPX, USDCOP]) await insertInstrument(db.kysely, each)
  const house: DeskHouse = {
    ...openDesk(db, clock),
    db,
    clock,
    another: () => openDesk(db, clock),
    reset: async (...strategies) => {
      await wipe(db)
      for (const each of strategies) await insertStrategy(db.kysely, each)
      house.clock = new VirtualClock(NOON)
      Object.assign(house, openDesk(db, house.clock))
    },
    close: async () => {
      await house.desk.close()
      await test.close()
    },
  }
  house.another = () => openDesk(db, house.clock)
  return house
}

const TABLES = [
  ...[
    'strategies',
    'orders',
    'fills',
    'positions',
    'signals',
    'inferences',
    'equity_points',
    'marks',
    'bars',
    'bar_chunks',
  ],
  ...[
    'risk_events',
    'risk_states',
    'kill_switches',
    'alerts',
    'outbox',
    'model_baselines',
    'strategy_limits',
    'global_limits',
  ],
]

export async function wipe(db: Database): Promise<void> {
  await db.executeSql(`truncate ${TABLES.join(', ')} cascade; update accounts set version = version + 1`)
}

/** Opens the database of a house once more, with a pool of its own: only on Postgres. */
export function reopen(db: Database): Promise<Database> {
  return openDatabase({ url: ensureDefined(db.url, 'the URL of the database') })
}
