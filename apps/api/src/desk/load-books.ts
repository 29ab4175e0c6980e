import {
  findGlobalLimits,
  listAccounts,
  listInstruments,
  listMarks,
  listOpenPositions,
  listOrdersSubmittedSince,
  listRiskStates,
  listStrategies,
  listStrategyLimits,
  listWorkingOrders,
  type DeskFacts,
  sumRealizedByStrategy,
  type Trx,
} from '@quantdeck/db'
import {
  ensureDefined,
  hasUsdRate,
  type Strategy,
  type StrategyConfig,
  type TradingMode,
  ZERO,
} from '@quantdeck/domain'
import {
  accountScope,
  initialRiskState,
  type LimitOverrides,
  resolveLimits,
  restoreRiskState,
  type RiskLimits,
  type RiskState,
  strategyScope,
} from '@quantdeck/risk'
import type { Books, Mark, SharedFacts, StrategyBook } from './books.ts'
import { RECENT_MS, remember } from './recent.ts'
import { WorkingOrders } from './working-orders.ts'

interface LoadOptions {
  mode: TradingMode
  version: number
  at: Date
  shared: SharedFacts
}

/** The books of a mode from the database: a handful of statements, none per strategy. */
export async function loadBooks(trx: Trx, { mode, version, at, shared }: LoadOptions): Promise<Books> {
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
      working: new WorkingOrders(),
      cancelling: new Set(),
      unprotected: new Set(),
      realizedUsd: realized.get(strategy.strategyId) ?? ZERO,
      recent: [],
      messageBucket: null,
      refusedExits: new Map(),
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
    // What cannot be valued in USD has a history, but is not traded.
    instruments: new Map(
      (await listInstruments(trx)).filter(hasUsdRate).map((instrument) => [instrument.symbol, instrument]),
    ),
    ...shared,
    killLevels: new Map(),
  }
  for (const position of positions) strategies.get(position.strategyId)?.open.set(position.symbol, position)
  for (const order of working) strategies.get(order.strategyId)?.working.set(order.orderId, order)
  takeMarks(books.marks, await listMarks(trx))
  await loadRecent(trx, books, at)
  return books
}

/** What may have moved without a new version: the kill switches, and prices that were not fed through here. */
export function takeFacts(books: Books, { killLevels, marks }: DeskFacts): void {
  books.killLevels = new Map(killLevels)
  takeMarks(books.marks, marks)
}

function takeMarks(known: Map<string, Mark>, marks: readonly (Mark & { symbol: string })[]): void {
  for (const { symbol, price, at } of marks) {
    const before = known.get(symbol)
    if (!before || before.at <= at) known.set(symbol, { price, at })
  }
}

async function loadRecent(trx: Trx, books: Books, at: Date): Promise<void> {
  const since = new Date(at.getTime() - RECENT_MS)
  for (const order of await listOrdersSubmittedSince(trx, books.mode, since)) {
    const book = books.strategies.get(order.strategyId)
    if (book) remember(books, book, order, order.submittedAt)
  }
}

/** A strategy's own settings are limits too: its universe is its allow-list, max_positions its R12. */
export function limitsOf(
  strategy: Strategy,
  global: LimitOverrides | null,
  own: LimitOverrides | null,
): RiskLimits {
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
  return stored
}

/** A stored state, or the start of the fold: no day yet, so that the first event opens one. */
function riskStateOf(stored: unknown, scope: string, equity: string): RiskState {
  return stored === undefined
    ? initialRiskState(scope, { equity, dayKey: '' })
    : restoreRiskState(stored as RiskState)
}
