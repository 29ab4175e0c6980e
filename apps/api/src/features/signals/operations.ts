import {
  appendOutbox,
  insertSignals,
  listLatestSignals,
  listMarks,
  listSignals as querySignals,
  listSignalsByClientId,
  listStrategies,
  findStrategy,
  type NewAuditEntry,
  type Queryable,
  transaction,
} from '@quantdeck/db'
import { randomUUID } from 'node:crypto'
import {
  AppError,
  calendarById,
  type Decimal,
  ensureDefined,
  type MarketStatus,
  marketStatus,
  notFound,
  type Signal,
  type SignalOutcome,
  type SignalType,
  type Strategy,
} from '@quantdeck/domain'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { isVisible, mayChangeStrategy, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { tradingBook } from '../../desk/books.ts'
import { signalMessage } from '../../desk/messages.ts'
import { onSignal, recordOnly, type SignalInput } from '../../desk/signal-flow.ts'
import { type InstrumentMap, instrumentMap } from '../orders/operations.ts'

export type PostedSignal = Omit<SignalInput, 'source' | 'signalAt'> & { signalAt: Date | null }

export interface SignalResult {
  signal: Signal
  /** The outcome of an earlier signal with this client id; nothing was done again. */
  duplicate: boolean
}

/**
 * Signals from outside, one after the other through the pipeline. A repeated client_signal_id answers the first outcome.
 * @throws AppError NOT_FOUND when a strategy is unknown (then nothing at all is done), FORBIDDEN
 */
export async function postSignals(
  deps: Deps,
  actor: Actor,
  posted: readonly PostedSignal[],
): Promise<SignalResult[]> {
  requireRole(actor, 'trader')
  const strategies = await requireTradable(deps, actor, posted)
  const results: SignalResult[] = []
  for (const item of posted) {
    const strategy = ensureDefined(strategies.get(item.strategyId), item.strategyId)
    results.push(await postOne(deps, actor, strategy, item))
  }
  return results
}

async function requireTradable(
  deps: Deps,
  actor: Actor,
  posted: readonly PostedSignal[],
): Promise<Map<string, Strategy>> {
  const visible = await visibleStrategyIds(deps, actor)
  const strategies = new Map<string, Strategy>()
  for (const { strategyId } of posted) {
    if (strategies.has(strategyId)) continue
    const strategy = await findStrategy(deps.db.kysely, strategyId)
    if (!strategy || !isVisible(visible, strategyId)) throw notFound('Strategy')
    if (!mayChangeStrategy(actor, strategy)) {
      throw new AppError('FORBIDDEN', `Only the owner of ${strategyId} or an admin may post its signals`)
    }
    strategies.set(strategyId, strategy)
  }
  return strategies
}

async function postOne(
  deps: Deps,
  actor: Actor,
  strategy: Strategy,
  item: PostedSignal,
): Promise<SignalResult> {
  const input: SignalInput = { ...item, source: 'api', signalAt: item.signalAt ?? deps.clock.now() }
  if (strategy.mode === 'BACKTEST') return record(deps, input)
  return deps.desk.run(strategy.mode, async (ctx, trx) => {
    // Under the account's lock, so that of two deliveries at once the second sees the first.
    const earlier = await findEarlier(trx, item)
    if (earlier) return { signal: earlier, duplicate: true }
    const book = tradingBook(ctx.books, strategy.strategyId)
    const signal = onSignal(ctx, book, input)
    if (signal.outcome === 'ORDERS') ctx.changes.audit.push(tradeEntry(actor, signal, ctx.at))
    return { signal, duplicate: false }
  })
}

/** A signal that moves money, with who sent it; all others stand in the list of signals with what became of them. */
function tradeEntry(actor: Actor, signal: Signal, at: Date): NewAuditEntry {
  return {
    ...auditFacts(actor, at),
    action: 'signal.trade',
    entity: 'signal',
    entityId: signal.signalId,
    before: null,
    after: {
      strategy_id: signal.strategyId,
      symbol: signal.symbol,
      signal: signal.signal,
      order_ids: [...signal.orderIds],
    },
    reason: null,
  }
}

async function findEarlier(db: Queryable, item: PostedSignal): Promise<Signal | null> {
  if (item.clientSignalId === null) return null
  const [earlier] = await listSignalsByClientId(db, item.strategyId, [item.clientSignalId])
  return earlier ?? null
}

/** The strategy does not trade: its signals are kept for backtests, and shown. */
async function record(deps: Deps, input: PostedSignal & SignalInput): Promise<SignalResult> {
  const at = deps.clock.now()
  const earlier = await findEarlier(deps.db.kysely, input)
  if (earlier) return { signal: earlier, duplicate: true }
  const mark = (await listMarks(deps.db.kysely)).find(({ symbol }) => symbol === input.symbol)
  const signal = recordOnly({ at, newId: randomUUID }, input, mark?.price ?? null)
  try {
    await store(deps, signal)
    return { signal, duplicate: false }
  } catch (error) {
    // Two deliveries at once: the database let the first in, its outcome is the answer.
    const winner = await findEarlier(deps.db.kysely, input)
    if (winner) return { signal: winner, duplicate: true }
    throw error
  }
}

async function store(deps: Deps, signal: Signal): Promise<void> {
  const { topic, key, payload } = signalMessage(signal, signal.entryPrice?.toNumber() ?? 0)
  await transaction(deps.db, async (trx) => {
    await insertSignals(trx, [{ ...signal, source: 'api' }])
    await appendOutbox(trx, [{ topic, key, payload, createdAt: signal.signalAt, push: true }])
  })
  deps.wakeSealer()
}

export interface LatestSignals {
  marketPrice: Decimal | null
  marketStatus: MarketStatus
  signals: { signal: Signal; strategy: Strategy }[]
}

/** The latest signal of every active strategy in sight, and the market of the primary symbol. */
export async function latestSignals(deps: Deps, actor: Actor): Promise<LatestSignals> {
  const visible = await visibleStrategyIds(deps, actor)
  const { kysely } = deps.db
  const active = await listStrategies(kysely, { visible, status: 'active' })
  const byId = new Map(active.map((strategy) => [strategy.strategyId, strategy]))
  const signals = await listLatestSignals(kysely, [...byId.keys()])
  const symbol = deps.desk.settings.primarySymbol
  const instrument = (await instrumentMap(deps)).get(symbol)
  const mark = (await listMarks(kysely)).find((candidate) => candidate.symbol === symbol)
  return {
    marketPrice: mark?.price ?? null,
    marketStatus: instrument ? marketStatus(calendarById(instrument.calendar), deps.clock.now()) : 'closed',
    signals: signals.map((signal) => ({
      signal,
      strategy: ensureDefined(byId.get(signal.strategyId), signal.strategyId),
    })),
  }
}

export interface SignalQuery {
  strategyId?: string
  symbol?: string
  signal?: SignalType
  outcome?: SignalOutcome
  from?: Date
  to?: Date
  page: number
  perPage: number
}

export async function listSignals(
  deps: Deps,
  actor: Actor,
  query: SignalQuery,
): Promise<{ signals: Signal[]; totalCount: number; instruments: InstrumentMap }> {
  const visible = await visibleStrategyIds(deps, actor)
  const { page, perPage, ...filter } = query
  const found = await querySignals(
    deps.db.kysely,
    { visible, ...filter },
    deps.pages.page(actor, 'signals', filter, { page, perPage }),
  )
  return { ...found, instruments: await instrumentMap(deps) }
}
