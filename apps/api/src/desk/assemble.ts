import { Decimal, type TradingMode, TRADING_MODES, usdRateOf } from '@quantdeck/domain'
import { ensureAccount, listMarks, listWorkingOrders } from '@quantdeck/db'
import { DEFAULT_COSTS } from '../broker/fill-model.ts'
import { SimulatedBroker } from '../broker/simulated-broker.ts'
import { SimulatedExchange } from '../broker/simulated-exchange.ts'
import type { CoreDeps } from '../deps.ts'
import type { BarTools } from './bar-flow.ts'
import { Desk } from './desk.ts'
import { LiveBars } from './live-bars.ts'
import { ReferenceRunner } from './reference-runner.ts'

export interface DeskParts {
  desk: Desk
  broker: SimulatedBroker
  /** Takes bars that a feed posted. */
  bars: LiveBars
  /** What plays bars synchronously: the demo's history uses it too. */
  tools: Omit<BarTools, 'db'>
}

type DeskCore = Pick<CoreDeps, 'db' | 'clock' | 'env' | 'log'> & { wakeSealer: () => void }

/** The desk with its simulated broker, as they were before a restart. */
export function assembleDesk(core: DeskCore): DeskParts {
  const { db, clock, env, log } = core
  let desk: Desk | null = null
  const exchange = new SimulatedExchange({
    instrumentOf: (symbol) => desk?.instrument(symbol),
    usdRateOf,
    costs: DEFAULT_COSTS,
  })
  const broker = new SimulatedBroker(exchange, clock, (error) =>
    log.error({ err: error }, 'an event of the simulated broker could not be booked'),
  )
  const settings = { riskDayZone: env.riskDayZone, primarySymbol: env.primarySymbol }
  desk = new Desk({
    db,
    clock,
    log,
    broker,
    settings,
    wakeSealer: core.wakeSealer,
    onRollback: (clientOrderIds) => exchange.forget(clientOrderIds),
  })
  const runner = new ReferenceRunner()
  const bars = new LiveBars({ desk, clock, exchange, runner })
  return { desk, broker, bars, tools: { exchange, runner } }
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

/** After a restart: the simulated exchange gets back its prices and working orders, then open outcomes are resolved. */
export async function resumeDesk(
  core: Pick<CoreDeps, 'db' | 'log'>,
  { desk, tools }: DeskParts,
): Promise<void> {
  for (const mark of await listMarks(core.db.kysely)) tools.exchange?.onQuote(mark)
  for (const mode of TRADING_MODES) {
    for (const order of await listWorkingOrders(core.db.kysely, mode)) {
      if (order.status !== 'SUBMITTED') continue
      tools.exchange?.restore(order, {
        brokerOrderId: order.brokerOrderId ?? `sim-${order.clientOrderId}`,
        filled: order.filledQuantity,
        since: order.submittedAt,
      })
    }
  }
  const resolved = await desk.resolveUnsettled()
  if (resolved > 0) core.log.info({ orders: resolved }, 'resolved orders that were stored but not confirmed')
}
