import { findStrategy, listAccounts } from '@quantdeck/db'
import { Decimal, notFound, type TradingMode, type TradingState, ZERO } from '@quantdeck/domain'
import {
  isCoolingDown,
  latchedTradingState,
  lossStreak,
  type RiskLimits,
  type RiskState,
  tradesToday,
} from '@quantdeck/risk'
import type { Actor } from '../../auth/actor.ts'
import { isVisible, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import type { Books, StrategyBook } from '../../desk/books.ts'
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
        status: accountStatus(books, at),
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
  return deps.desk.read(modeOfAccount(strategy), (books, at) => {
    const book = books.strategies.get(strategyId)
    if (!book) throw notFound('Strategy')
    return statusOf(books, at, {
      state: book.risk,
      limits: book.limits,
      equity: strategyEquity(books, book, at).equity,
      killed: isKilled(books, book),
    })
  })
}

/** Day counters are kept per strategy and for the account; the account's trades are those of its strategies. */
function accountStatus(books: Books, at: Date): RiskStatus {
  const all = [...books.strategies.values()]
  const status = statusOf(books, at, {
    state: books.risk,
    limits: books.limits,
    equity: accountEquity(books, at).equity,
    killed: isKilled(books) || all.some((book) => isKilled(books, book)),
  })
  const cooling = all.filter((book) => isCoolingDown(book.risk, at.getTime()))
  const until = cooling.reduce((latest, book) => Math.max(latest, book.risk.cooldownUntil ?? 0), 0)
  return {
    ...status,
    tradesToday: all.reduce((most, book) => Math.max(most, tradesToday(book.risk)), 0),
    consecutiveLosses: all.reduce((most, book) => Math.max(most, lossStreak(book.risk, at.getTime())), 0),
    cooldownUntil: until === 0 ? null : new Date(until),
    dailyBlocked: status.dailyBlocked || all.some((book) => book.risk.dailyLossBlockedAt !== null),
  }
}

interface Scoped {
  state: RiskState
  limits: RiskLimits
  equity: Decimal
  killed: boolean
}

function statusOf(books: Books, at: Date, { state, limits, equity, killed }: Scoped): RiskStatus {
  const now = at.getTime()
  return {
    mode: books.mode,
    killSwitchActive: killed || latchedTradingState(state) !== 'ACTIVE',
    currentDrawdown: fractionFrom(Decimal.max(state.peakEquity, equity), equity),
    dailyPnl: fractionFrom(new Decimal(state.dayOpenEquity), equity),
    tradesToday: tradesToday(state),
    consecutiveLosses: lossStreak(state, now),
    cooldownUntil:
      isCoolingDown(state, now) && state.cooldownUntil !== null ? new Date(state.cooldownUntil) : null,
    dailyBlocked: state.dailyLossBlockedAt !== null || tradesToday(state) >= limits.maxTradesPerDay,
    limits,
    at,
  }
}

function fractionFrom(base: Decimal, equity: Decimal): Decimal {
  return base.isZero() ? ZERO : equity.minus(base).div(base)
}

function isKilled(books: Books, book?: StrategyBook): boolean {
  const level = (scope: string): TradingState => books.killLevels.get(scope) ?? 'ACTIVE'
  if (!book) return level('global') !== 'ACTIVE'
  return (
    level(`strategy:${book.strategy.strategyId}`) !== 'ACTIVE' ||
    latchedTradingState(book.risk) !== 'ACTIVE' ||
    level('global') !== 'ACTIVE'
  )
}
