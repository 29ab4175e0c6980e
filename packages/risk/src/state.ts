import type { OrderSide, TradingMode, TradingState } from '@quantdeck/domain'

/** Where a state is kept: one per strategy and mode, one per mode account. Latches never leak between scopes. */
export type RiskScope = string

/** `strategy:momentum_v1:PAPER` */
export function strategyScope(strategyId: string, mode: string): RiskScope {
  return `strategy:${strategyId}:${mode}`
}

/** `account:PAPER` */
export function accountScope(mode: TradingMode | 'BACKTEST'): RiskScope {
  return `account:${mode}`
}

/** One stop-loss exit that the stop-loss guard remembers. */
export interface StopExit {
  at: number
  symbol: string
  side: OrderSide
}

/**
 * What the controls A01-A05 and the counters of R07 and R16 remember, plain JSON. It does not hold the current
 * equity: a mark changes the state only when it moves the peak or trips something. Instants are epoch ms.
 */
export interface RiskState {
  readonly scope: RiskScope
  /** USD, decimal string. */
  readonly peakEquity: string
  /** The trading day, as its calendar names it. */
  readonly dayKey: string
  readonly dayOpenEquity: string
  /** Raised once per descent from the peak. */
  readonly drawdownWarned: boolean
  /** A01's latch: REDUCING until a person releases it. */
  readonly drawdownTrippedAt: number | null
  /** A02's latch, until the next day. */
  readonly dailyLossBlockedAt: number | null
  /** A03: distinct entry orders with a fill today. */
  readonly entryOrderIds: readonly string[]
  /** A04 */
  readonly consecutiveLosses: number
  /** Active iff now < cooldownUntil. */
  readonly cooldownUntil: number | null
  /** A05: within the look-back, oldest first. */
  readonly stopExits: readonly StopExit[]
  /** R07: recent breaches, oldest first, and its latch. */
  readonly collarBreaches: readonly number[]
  readonly collarTrippedAt: number | null
  /** R16: automated executions since it was armed, and its latch; both survive the day roll. */
  readonly executions: number
  readonly throttleTrippedAt: number | null
  /** A06: its latch, and the passes without a difference since the last one with. */
  readonly reconciliationTrippedAt: number | null
  readonly cleanPasses: number
}

/** Where a fold starts: equity at the first fact, as peak and day open. */
export function initialRiskState(scope: RiskScope, start: { equity: string; dayKey: string }): RiskState {
  return {
    scope,
    peakEquity: start.equity,
    dayKey: start.dayKey,
    dayOpenEquity: start.equity,
    drawdownWarned: false,
    drawdownTrippedAt: null,
    dailyLossBlockedAt: null,
    entryOrderIds: [],
    consecutiveLosses: 0,
    cooldownUntil: null,
    stopExits: [],
    collarBreaches: [],
    collarTrippedAt: null,
    executions: 0,
    throttleTrippedAt: null,
    reconciliationTrippedAt: null,
    cleanPasses: 0,
  }
}

/**
 * A state as it was stored, by whatever version: what that version did not know yet starts as in `initialRiskState`.
 */
export function restoreRiskState(stored: Partial<RiskState> & { scope: RiskScope }): RiskState {
  return { ...initialRiskState(stored.scope, { equity: '0', dayKey: '' }), ...stored }
}

/** The trading state that the scope's own latches impose: REDUCING while A01, R07, R16 or A06 holds one. */
export function latchedTradingState(state: RiskState): TradingState {
  const isLatched =
    state.drawdownTrippedAt !== null ||
    state.collarTrippedAt !== null ||
    state.throttleTrippedAt !== null ||
    state.reconciliationTrippedAt !== null
  return isLatched ? 'REDUCING' : 'ACTIVE'
}

/** A cooldown is active iff now < until. */
export function isCoolingDown(state: RiskState, now: number): boolean {
  return state.cooldownUntil !== null && now < state.cooldownUntil
}

/** Entry orders with at least one fill today. */
export function tradesToday(state: RiskState): number {
  return state.entryOrderIds.length
}

/** Losses in a row as of `now`: an elapsed cooldown has ended the streak even before the next event says so. */
export function lossStreak(state: RiskState, now: number): number {
  return state.cooldownUntil !== null && now >= state.cooldownUntil ? 0 : state.consecutiveLosses
}
