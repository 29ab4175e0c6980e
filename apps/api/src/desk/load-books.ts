import {
  findGlobalLimits,
  listAccounts,
  listInstruments,
  listKillSwitches,
  listMarks,
  listOpenPositions,
  listOrdersSubmittedSince,
  listRiskStates,
  listStrategies,
  listStrategyLimits,
  listWorkingOrders,
  lockKillSwitches,
  type DatabaseKind,
  sumRealizedByStrategy,
  type Trx,
} from '@quantdeck/db'
import {
  ensureDefined,
  type Strategy,
  type StrategyConfig,
  type TradingMode,
  unitValueUsd,
  ZERO,
} from '@quantdeck/domain'
import {
  accountScope,
  initialRiskState,
  type LimitOverrides,
  resolveLimits,
  type RiskLimits,
  type RiskState,
  strategyScope,
} from '@quantdeck/risk'
import type { Books, Mark, StrategyBook } from './books.ts'

const RECENT_MS = 60_000

interface LoadOptions {
  mode: TradingMode
  version: number
  at: Date
  /** Prices belong to no mode: both books look at the same ones. */
  marks: Map<string, Mark>
}

/** The books of a mode from the database: a handful of statements, none per strategy. */
export async function loadBooks(trx: Trx, { mode, version, at, marks }: LoadOptions): Promise<Books> {
  const account = (await listAccounts(trx)).find((candidate) => candidate.mode === mode)
  const [positions, working, realized] = [
    await listOpenPositions(trx, { visible: 'all', mode }),
    await listWorkingOrders(trx, mode),
    await sumRealizedByStrategy(trx, mode),
  ]
  const states = new Map((await listRiskStates(trx)).map((row) => [row.scope, row.state]))
  const globalLimits = toOverrides(await findGlobalLimits(trx))
  const strategyLimits = await listStrategyLimits(trx)
  const held = new Set([
    ...positions.map((p) => p.strategyId),
    ...working.map((o) => o.strategyId),
    ...realized.keys(),
  ])
  const strategies = new Map<string, StrategyBook>()
  for (const strategy of await listStrategies(trx, { visible: 'all' })) {
    if (strategy.mode !== mode && !held.has(strategy.strategyId)) continue
    const scope = strategyScope(strategy.strategyId, mode)
    strategies.set(strategy.strategyId, {
      strategy,
      limits: limitsOf(strategy, globalLimits, toOverrides(strategyLimits.get(strategy.strategyId) ?? null)),
      risk: riskStateOf(states.get(scope), scope, strategy.allocatedCapital.toFixed()),
      open: new Map(),
      working: new Map(),
      realizedUsd: realized.get(strategy.strategyId) ?? ZERO,
      recent: [],
      messageBucket: null,
      modelHealth: null,
    })
  }
  const initialCapital = ensureDefined(account, `the ${mode} account`).initialCapital
  const books: Books = {
    mode,
    version,
    initialCapital,
    limits: resolveLimits(globalLimits),
    risk: riskStateOf(states.get(accountScope(mode)), accountScope(mode), initialCapital.toFixed()),
    strategies,
    instruments: new Map((await listInstruments(trx)).map((instrument) => [instrument.symbol, instrument])),
    marks,
    killLevels: new Map(),
  }
  for (const position of positions) strategies.get(position.strategyId)?.open.set(position.symbol, position)
  for (const order of working) strategies.get(order.strategyId)?.working.set(order.orderId, order)
  await refreshKillSwitches(trx, books, 'pglite')
  await refreshMarks(trx, marks)
  await loadRecent(trx, books, at)
  return books
}

/** What may have moved without a new version: the kill switches, locked, and prices that other processes feed. */
export async function refreshFacts(trx: Trx, books: Books, kind: DatabaseKind): Promise<void> {
  await refreshKillSwitches(trx, books, kind)
  // The embedded database belongs to this process alone: nobody else can have moved a price.
  if (kind === 'postgres') await refreshMarks(trx, books.marks)
}

async function refreshKillSwitches(trx: Trx, books: Books, kind: DatabaseKind): Promise<void> {
  const switches = kind === 'postgres' ? await lockKillSwitches(trx, 'share') : await listKillSwitches(trx)
  books.killLevels = new Map(switches.map((row) => [row.scope, row.level]))
}

async function refreshMarks(trx: Trx, marks: Map<string, Mark>): Promise<void> {
  for (const { symbol, price, at } of await listMarks(trx)) {
    const known = marks.get(symbol)
    if (!known || known.at <= at) marks.set(symbol, { price, at })
  }
}

async function loadRecent(trx: Trx, books: Books, at: Date): Promise<void> {
  const since = new Date(at.getTime() - RECENT_MS)
  for (const order of await listOrdersSubmittedSince(trx, books.mode, since)) {
    const instrument = books.instruments.get(order.symbol)
    const price = order.limitPrice ?? books.marks.get(order.symbol)?.price
    const notional = instrument && price ? unitValueUsd(instrument, price).times(order.quantity) : ZERO
    books.strategies.get(order.strategyId)?.recent.push({
      at: order.submittedAt.getTime(),
      symbol: order.symbol,
      side: order.side,
      orderType: order.orderType,
      quantity: order.quantity.toFixed(),
      price: order.limitPrice?.toFixed() ?? null,
      notionalUsd: notional.toDecimalPlaces(8).toFixed(),
    })
  }
}

/** A strategy's own settings are limits too: its universe is its allow-list, max_positions its R12. */
export function limitsOf(strategy: Strategy, global: LimitOverrides | null, own: LimitOverrides | null): RiskLimits {
  const threshold = strategy.config['signal_threshold']
  return resolveLimits(global, {
    maxOpenPositions: strategy.maxPositions,
    allowSymbols: strategy.universe.length > 0 ? strategy.universe : null,
    ...(typeof threshold === 'number' ? { signalThreshold: threshold } : {}),
    ...own,
  })
}

/** Stored overrides were validated when they were set. */
export function toOverrides(stored: StrategyConfig | null): LimitOverrides | null {
  return stored as LimitOverrides | null
}

/** A stored state, or the start of the fold: no day yet, so that the first event opens one. */
function riskStateOf(stored: unknown, scope: string, equity: string): RiskState {
  return stored === undefined ? initialRiskState(scope, { equity, dayKey: '' }) : (stored as RiskState)
}
