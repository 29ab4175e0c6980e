import { findStrategy, listAccounts } from '@quantdeck/db'
import { type Decimal, notFound, type Strategy, type TradingMode, type TradingState } from '@quantdeck/domain'
import {
  dailyPnlOf,
  drawdownOf,
  initialRiskState,
  isCoolingDown,
  latchedTradingState,
  lossStreak,
  type RiskLimits,
  type RiskState,
  strategyScope,
  tradesToday,
} from '@quantdeck/risk'
import type { Actor } from '../../auth/actor.ts'
import { isVisible, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import type { Books } from '../../desk/books.ts'
import type { DeskSettings } from '../../desk/context.ts'
import { accountRiskAt, strategyRiskAt } from '../../desk/risk-fold.ts'
import { accountEquity, strategyEquity } from '../../desk/valuation.ts'
import { modeOfAccount } from '../performance/operations.ts'

export interface RiskStatus {
  mode: TradingMode
  killSwitchActive: boolean
  /** Non-positive fraction, from the peak the risk engine knows. */
  currentDrawdown: Decimal
  /** Fraction of the equity at the day's open. */
  dailyPnl: Decimal
  tradesToday: number
  consecutiveLosses: number
  cooldownUntil: Date | null
  dailyBlocked: boolean
  limits: RiskLimits
  at: Date
}

/**
 * The account that is worse, LIVE first when it trades; or one strategy.
 * @throws AppError NOT_FOUND for a strategy out of sight
 */
export async function riskStatus(deps: Deps, actor: Actor, strategyId?: string): Promise<RiskStatus> {
  if (strategyId !== undefined) return strategyRisk(deps, actor, strategyId)
  const statuses: { status: RiskStatus; trades: boolean }[] = []
  for (const { mode } of await listAccounts(deps.db.kysely)) {
    statuses.push(
      await deps.desk.read(mode, (books, at) => ({
        status: accountStatus(books, at, deps.desk.settings),
        trades: [...books.strategies.values()].some(
          (book) => book.strategy.mode === mode && book.strategy.status === 'active',
        ),
      })),
    )
  }
  const live = statuses.find(({ status, trades }) => status.mode === 'LIVE' && trades)
  const paper = statuses.find(({ status }) => status.mode === 'PAPER')
  const shown = live ?? paper ?? statuses[0]
  if (!shown) throw notFound('Account')
  return shown.status
}

async function strategyRisk(deps: Deps, actor: Actor, strategyId: string): Promise<RiskStatus> {
  const strategy = await findStrategy(deps.db.kysely, strategyId)
  const visible = await visibleStrategyIds(deps, actor)
  if (!strategy || !isVisible(visible, strategyId)) throw notFound('Strategy')
  const { settings } = deps.desk
  return deps.desk.read(modeOfAccount(strategy), (books, at) => {
    const book = books.strategies.get(strategyId)
    if (!book) return untouched(books, strategy, at)
    return statusOf(books, at, {
      state: strategyRiskAt({ books, at, settings }, book),
      limits: book.limits,
      equity: strategyEquity(books, book, at).equity,
      level: worst(levelOf(books, 'global'), levelOf(books, `strategy:${strategyId}`)),
    })
  })
}

/** A strategy that has never traded in an account: nothing has happened, but a switch may hold it. */
function untouched(books: Books, { strategyId, allocatedCapital }: Strategy, at: Date): RiskStatus {
  const start = { equity: allocatedCapital.toFixed(), dayKey: '' }
  return statusOf(books, at, {
    state: initialRiskState(strategyScope(strategyId, books.mode), start),
    limits: books.limits,
    equity: allocatedCapital,
    level: worst(levelOf(books, 'global'), levelOf(books, `strategy:${strategyId}`)),
  })
}

/** The account's own counters and latches: each strategy has its own beside them. */
function accountStatus(books: Books, at: Date, settings: DeskSettings): RiskStatus {
  return statusOf(books, at, {
    state: accountRiskAt({ books, at, settings }),
    limits: books.limits,
    equity: accountEquity(books, at).equity,
    level: levelOf(books, 'global'),
  })
}

interface Scoped {
  state: RiskState
  limits: RiskLimits
  equity: Decimal
  /** Of the kill switches that hold the scope. */
  level: TradingState
}

function statusOf(books: Books, at: Date, { state, limits, equity, level }: Scoped): RiskStatus {
  const now = at.getTime()
  const cooldownUntil = isCoolingDown(state, now) ? state.cooldownUntil : null
  return {
    mode: books.mode,
    killSwitchActive: level !== 'ACTIVE' || latchedTradingState(state) !== 'ACTIVE',
    currentDrawdown: drawdownOf(state, equity),
    dailyPnl: dailyPnlOf(state, equity),
    tradesToday: tradesToday(state),
    consecutiveLosses: lossStreak(state, now),
    cooldownUntil: cooldownUntil === null ? null : new Date(cooldownUntil),
    dailyBlocked: state.dailyLossBlockedAt !== null || tradesToday(state) >= limits.maxTradesPerDay,
    limits,
    at,
  }
}

function levelOf(books: Books, scope: string): TradingState {
  return books.killLevels.get(scope) ?? 'ACTIVE'
}

function worst(a: TradingState, b: TradingState): TradingState {
  return a === 'ACTIVE' ? b : a
}
