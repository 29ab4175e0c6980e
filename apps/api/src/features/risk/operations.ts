import { findStrategy, listAccounts } from '@quantdeck/db'
import { type Decimal, notFound, type Strategy, type TradingMode, type TradingState } from '@quantdeck/domain'
import {
  dailyPnlOf,
  drawdownOf,
  imagineTrade,
  initialRiskState,
  isCoolingDown,
  latchedTradingState,
  lossStreak,
  type RiskLimits,
  type RiskState,
  type RiskTransition,
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
  return look(deps, actor, strategyId, statusOf)
}

export interface WhatIf {
  before: RiskStatus
  after: RiskStatus
  /** What the controls would do at it. */
  consequences: RiskTransition[]
}

/**
 * One more round trip on a copy of the state, by the rules of the desk.
 * @param result net, as a fraction of the equity
 * @throws AppError NOT_FOUND for a strategy out of sight
 */
export async function riskWhatIf(
  deps: Deps,
  actor: Actor,
  { strategyId, result }: { strategyId: string | undefined; result: Decimal },
): Promise<WhatIf> {
  return look(deps, actor, strategyId, (books, at, scoped) => {
    const trade = { result, equity: scoped.equity, at: at.getTime() }
    const { state, equity, consequences } = imagineTrade(scoped.state, trade, scoped.limits)
    return {
      before: statusOf(books, at, scoped),
      after: statusOf(books, at, { ...scoped, state, equity }),
      consequences,
    }
  })
}

type Look<T> = (books: Books, at: Date, scoped: Scoped) => T

/** At one strategy, or at the account that is worse. */
async function look<T>(deps: Deps, actor: Actor, strategyId: string | undefined, read: Look<T>): Promise<T> {
  if (strategyId !== undefined) return lookAtStrategy(deps, actor, strategyId, read)
  const mode = await worseAccount(deps)
  return deps.desk.read(mode, (books, at) => read(books, at, scopedAccount(books, at, deps.desk.settings)))
}

/** LIVE when a strategy trades there, else PAPER. */
async function worseAccount(deps: Deps): Promise<TradingMode> {
  const modes = (await listAccounts(deps.db.kysely)).map(({ mode }) => mode)
  const tradesLive =
    modes.includes('LIVE') &&
    (await deps.desk.read('LIVE', (books) =>
      [...books.strategies.values()].some(
        ({ strategy }) => strategy.mode === 'LIVE' && strategy.status === 'active',
      ),
    ))
  const shown = tradesLive ? 'LIVE' : modes.includes('PAPER') ? 'PAPER' : modes[0]
  if (shown === undefined) throw notFound('Account')
  return shown
}

async function lookAtStrategy<T>(deps: Deps, actor: Actor, strategyId: string, read: Look<T>): Promise<T> {
  const strategy = await findStrategy(deps.db.kysely, strategyId)
  const visible = await visibleStrategyIds(deps, actor)
  if (!strategy || !isVisible(visible, strategyId)) throw notFound('Strategy')
  const { settings } = deps.desk
  return deps.desk.read(modeOfAccount(strategy), (books, at) => {
    const book = books.strategies.get(strategyId)
    if (!book) return read(books, at, untouched(books, strategy))
    return read(books, at, {
      state: strategyRiskAt({ books, at, settings }, book),
      limits: book.limits,
      equity: strategyEquity(books, book, at).equity,
      level: worst(levelOf(books, 'global'), levelOf(books, `strategy:${strategyId}`)),
    })
  })
}

/** A strategy that has never traded in an account: nothing has happened, but a switch may hold it. */
function untouched(books: Books, { strategyId, allocatedCapital }: Strategy): Scoped {
  const start = { equity: allocatedCapital.toFixed(), dayKey: '' }
  return {
    state: initialRiskState(strategyScope(strategyId, books.mode), start),
    limits: books.limits,
    equity: allocatedCapital,
    level: worst(levelOf(books, 'global'), levelOf(books, `strategy:${strategyId}`)),
  }
}

/** The account's own counters and latches: each strategy has its own beside them. */
function scopedAccount(books: Books, at: Date, settings: DeskSettings): Scoped {
  return {
    state: accountRiskAt({ books, at, settings }),
    limits: books.limits,
    equity: accountEquity(books, at).equity,
    level: levelOf(books, 'global'),
  }
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
