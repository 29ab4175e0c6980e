import {
  Decimal,
  type Instrument,
  type Order,
  type TradingMode,
  TRADING_MODES,
  usdRateOf,
} from '@quantdeck/domain'
import { type Database, ensureAccount, listMarks, listOpenPositions, listWorkingOrders } from '@quantdeck/db'
import { DEFAULT_COSTS } from '../broker/fill-model.ts'
import type { Broker } from '../broker/port.ts'
import { SimulatedBroker } from '../broker/simulated-broker.ts'
import { SimulatedExchange } from '../broker/simulated-exchange.ts'
import type { CoreDeps } from '../deps.ts'
import type { StoppedScopes } from '../latch/kill-latch.ts'
import type { BarTools } from './bar-flow.ts'
import { Desk } from './desk.ts'
import { LiveBars } from './live-bars.ts'
import { Reconciliation } from './reconciliation.ts'
import { ReferenceRunner } from './reference-runner.ts'

export interface DeskParts {
  desk: Desk
  broker: Broker
  /** Takes bars that a feed posted. */
  bars: LiveBars
  reconciliation: Reconciliation
  /** What plays bars synchronously: the demo's history uses it too. */
  tools: Omit<BarTools, 'db'>
}

type DeskCore = Pick<CoreDeps, 'db' | 'clock' | 'env' | 'log'> & {
  wakeSealer: () => void
  latch?: StoppedScopes
}

/** What a broker other than the simulated one is opened with. */
export type OpenBroker = (core: Pick<DeskCore, 'clock' | 'env' | 'log'>) => Broker

/** The desk with its broker, as they were before a restart: the simulated exchange unless another broker is opened. */
export function assembleDesk(core: DeskCore, openBroker?: OpenBroker): DeskParts {
  const { db, clock, env, log } = core
  let desk: Desk | null = null
  const simulated = openBroker ? null : openSimulated(core, (symbol) => desk?.instrument(symbol))
  const broker = simulated ?? openBroker?.(core)
  if (!broker) throw new Error('no broker was opened')
  const exchange = simulated?.exchange ?? null
  const settings = { riskDayZone: env.riskDayZone, primarySymbol: env.primarySymbol }
  desk = new Desk({
    db,
    clock,
    log,
    broker,
    settings,
    wakeSealer: core.wakeSealer,
    latch: core.latch,
    onRollback: (clientOrderIds) => exchange?.forget(clientOrderIds),
  })
  const runner = new ReferenceRunner()
  const bars = new LiveBars({ desk, clock, exchange, runner })
  const reconciliation = new Reconciliation({ desk, db, broker, clock, log })
  return { desk, broker, bars, reconciliation, tools: { exchange, runner } }
}

/** Both accounts exist from the start; LIVE is empty until its broker reports something. */
export async function ensureAccounts(
  { db, env }: Pick<CoreDeps, 'db' | 'env'>,
  createdAt: Date,
): Promise<void> {
  const capital: Record<TradingMode, string> = { PAPER: env.initialCapital, LIVE: '0' }
  for (const mode of TRADING_MODES) {
    const initialCapital = new Decimal(capital[mode])
    await ensureAccount(db.kysely, { mode, currency: 'USD', initialCapital, createdAt })
  }
}

function openSimulated(
  { clock, log, db }: Pick<DeskCore, 'clock' | 'log' | 'db'>,
  instrumentOf: (symbol: string) => Instrument | undefined,
): SimulatedBroker {
  const exchange = new SimulatedExchange({ instrumentOf, usdRateOf, costs: DEFAULT_COSTS })
  const onError = (error: unknown) =>
    log.error({ err: error }, 'an event of the simulated broker could not be booked')
  // Each process has an exchange; only over an embedded database is it the only one.
  return new SimulatedBroker(exchange, clock, onError, undefined, db.kind === 'pglite')
}

/** After a restart: a simulated exchange gets back what it knew, then open outcomes are resolved. */
export async function resumeDesk(core: Pick<CoreDeps, 'db' | 'log'>, parts: DeskParts): Promise<void> {
  const { desk, broker, tools } = parts
  if (tools.exchange) await resumeExchange(core.db, desk, tools.exchange)
  await broker.start()
  try {
    const resolved = await desk.resolveUnsettled()
    if (resolved > 0)
      core.log.info({ orders: resolved }, 'resolved orders that were stored but not confirmed')
    await parts.reconciliation.pass()
  } catch (error) {
    // Kill switch and books must work without it; DeskWatch asks again.
    core.log.error({ err: error }, 'the broker could not be asked at the start')
  }
}

/** The simulated exchange lives in this process, and the books are its memory: prices, holdings, working orders. */
export async function resumeExchange(db: Database, desk: Desk, exchange: SimulatedExchange): Promise<void> {
  for (const mark of await listMarks(db.kysely)) exchange.onQuote(mark)
  for (const mode of TRADING_MODES) {
    // Loads the instruments that the exchange asks the desk for.
    await desk.read(mode, () => {})
    for (const { symbol, quantity } of await listOpenPositions(db.kysely, { visible: 'all', mode }))
      exchange.restorePosition(mode, symbol, quantity)
    restoreOrders(exchange, await listWorkingOrders(db.kysely, mode))
  }
}

function restoreOrders(exchange: SimulatedExchange, orders: readonly Order[]): void {
  const atBroker = orders.filter(({ status }) => status === 'SUBMITTED')
  for (const order of atBroker) {
    exchange.restore(order, {
      brokerOrderId: order.brokerOrderId ?? `sim-${order.clientOrderId}`,
      filled: order.filledQuantity,
      since: order.submittedAt,
    })
  }
  const groups = Map.groupBy(atBroker, ({ ocoGroupId }) => ocoGroupId)
  for (const [groupId, [one, other]] of groups) {
    if (groupId !== null && one && other) exchange.restorePair(one.clientOrderId, other.clientOrderId)
  }
}
