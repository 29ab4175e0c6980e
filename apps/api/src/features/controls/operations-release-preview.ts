import * as rows from '@quantdeck/db'
import type { KillSwitchScope } from '@quantdeck/db'
import { Decimal, type Mode, type Strategy, type TradingState } from '@quantdeck/domain'
import { drawdownOf, isCoolingDown, latchedTradingState, type RiskState, tradesToday } from '@quantdeck/risk'
import { type Actor, requireRole } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import type { Books, StrategyBook } from '../../desk/books.ts'
import { accountRiskAt, strategyRiskAt } from '../../desk/risk-fold.ts'
import { accountEquity, strategyEquity } from '../../desk/valuation.ts'
import { effectiveState, levelOf, strategyOf, worstState } from './effective-state.ts'
import { scopeOf, type Subject } from './operations-kill-switch.ts'

/** What would still keep a strategy from entries. */
export interface RemainingBlock {
  code: string
  scope: string
  message: string
  until: Date | null
}

export interface ReleasedStrategy {
  strategyId: string
  name: string
  mode: Mode
  isActive: boolean
  before: TradingState
  after: TradingState
  wouldTrade: boolean
  blocks: RemainingBlock[]
}

export interface RebasedPeak {
  scope: string
  peakEquity: Decimal
  equity: Decimal
  /** Non-positive fraction, from the old peak. */
  drawdown: Decimal
}

export interface ReleasePreview {
  scope: KillSwitchScope
  level: TradingState
  strategies: ReleasedStrategy[]
  rebasedPeaks: RebasedPeak[]
  at: Date
}

/**
 * What a release of this scope would set going, before anybody does it. Changes nothing.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export async function previewRelease(deps: Deps, actor: Actor, input: Subject): Promise<ReleasePreview> {
  requireRole(actor, 'admin')
  const scope = await scopeOf(deps, actor, input)
  const switches = await rows.listKillSwitches(deps.db.kysely)
  const released = switches.map((row) => (row.scope === scope ? { ...row, level: 'ACTIVE' as const } : row))
  const strategies: ReleasedStrategy[] = []
  const rebasedPeaks: RebasedPeak[] = []
  for (const { mode } of await rows.listAccounts(deps.db.kysely)) {
    await deps.desk.read(mode, (books, at) => {
      const view: View = { books, at, scope, settings: deps.desk.settings }
      rebasedPeaks.push(...peaksOf(view))
      for (const book of books.strategies.values()) {
        if (book.strategy.mode !== mode) continue
        const levels = (set: typeof switches) => effectiveState(set, `strategy:${book.strategy.strategyId}`)
        const change = changeOf(view, book, { before: levels(switches), after: levels(released) })
        if (change.before !== change.after) strategies.push(change)
      }
    })
  }
  return { scope, level: levelOf(switches, scope), strategies, rebasedPeaks, at: deps.clock.now() }
}

interface View {
  books: Books
  at: Date
  scope: KillSwitchScope
  settings: Deps['desk']['settings']
}

function scopeOfStrategy({ strategyId }: Strategy): KillSwitchScope {
  return `strategy:${strategyId}`
}

function changeOf(
  view: View,
  book: StrategyBook,
  switches: { before: TradingState; after: TradingState },
): ReleasedStrategy {
  const { strategy, limits } = book
  const own = strategyRiskAt(view, book)
  const account = accountRiskAt(view)
  const latch = (state: RiskState, isReleased: boolean) =>
    isReleased ? ('ACTIVE' as const) : latchedTradingState(state)
  const before = worstState([switches.before, latch(own, false), latch(account, false)])
  const after = worstState([
    switches.after,
    latch(own, view.scope === scopeOfStrategy(strategy)),
    latch(account, view.scope === 'global'),
  ])
  const blocks = [
    ...(after === 'ACTIVE' ? [] : [stillStopped(after)]),
    ...blocksOf(own, limits.maxTradesPerDay, view.at),
    ...blocksOf(account, view.books.limits.maxTradesPerDay, view.at),
  ]
  const isActive = strategy.status === 'active'
  return {
    strategyId: strategy.strategyId,
    name: strategy.name,
    mode: strategy.mode,
    isActive,
    before,
    after,
    wouldTrade: isActive && blocks.length === 0,
    blocks,
  }
}

function stillStopped(state: TradingState): RemainingBlock {
  const code = state === 'HALTED' ? 'TRADING_HALTED' : 'TRADING_STATE_REDUCING'
  return { code, scope: 'other', message: `Another scope is ${state}`, until: null }
}

/** R26 as it stands: a release ends none of these. */
function blocksOf(state: RiskState, maxTradesPerDay: number, at: Date): RemainingBlock[] {
  const { scope } = state
  const blocks: RemainingBlock[] = []
  if (state.dailyLossBlockedAt !== null) {
    const message = 'The loss of the day reached its limit: entries wait for the next session'
    blocks.push({ code: 'DAILY_LOSS_LIMIT', scope, message, until: null })
  }
  if (tradesToday(state) >= maxTradesPerDay) {
    const message = `${tradesToday(state)} of ${maxTradesPerDay} trades today`
    blocks.push({ code: 'MAX_TRADES_PER_DAY', scope, message, until: null })
  }
  if (state.cooldownUntil !== null && isCoolingDown(state, at.getTime())) {
    const message = 'Cooling down after losses in a row'
    blocks.push({ code: 'COOLDOWN_ACTIVE', scope, message, until: new Date(state.cooldownUntil) })
  }
  return blocks
}

/** The peaks that the release would re-base: those of the scope itself, where one of its latches holds. */
function peaksOf(view: View): RebasedPeak[] {
  const { books, at, scope } = view
  if (scope === 'global') return peak(accountRiskAt(view), accountEquity(books, at).equity)
  const book = books.strategies.get(strategyOf(scope) ?? '')
  return book ? peak(strategyRiskAt(view, book), strategyEquity(books, book, at).equity) : []
}

function peak(state: RiskState, equity: Decimal): RebasedPeak[] {
  if (latchedTradingState(state) === 'ACTIVE') return []
  const { scope, peakEquity } = state
  return [{ scope, peakEquity: new Decimal(peakEquity), equity, drawdown: drawdownOf(state, equity) }]
}
