import type { RiskEvent } from './events.ts'
import type { RiskLimits } from './limits.ts'
import { type Scaled, toScaled } from './scaled.ts'
import type { RiskState } from './state.ts'

const MINUTE_MS = 60_000
const SECOND_MS = 1_000

/**
 * Folds one event into a state. Returns the SAME reference when nothing changed, so whoever stores exactly the events
 * that changed something replays to an identical state. Events count in the order given, not by their time stamps.
 * @throws {RangeError} on an amount that is not a plain decimal
 */
export function apply(state: RiskState, event: RiskEvent, limits: RiskLimits): RiskState {
  const current = elapseCooldown(state, event.at)
  switch (event.type) {
    case 'day_rolled':
      return rollDay(current, event, limits)
    case 'equity_marked':
      return markEquity(current, event.at, event.equity, limits)
    case 'entry_filled':
      if (current.entryOrderIds.includes(event.orderId)) return current
      return { ...current, entryOrderIds: [...current.entryOrderIds, event.orderId] }
    case 'trade_closed':
      return closeTrade(current, event.at, toScaled(event.netPnlUsd), limits)
    case 'stop_exit':
      return rememberStopExit(current, event, limits)
    case 'collar_breached':
      return breachCollar(current, event.at, limits)
    case 'executed':
      return limits.executionThrottle === null ? current : { ...current, executions: current.executions + 1 }
    case 'rearmed':
      return current.executions === 0 ? current : { ...current, executions: 0 }
    case 'released':
      return release(current, event.equity)
  }
}

/** Applies what time alone has changed: an elapsed cooldown ends, and its streak with it. */
export function elapseCooldown(state: RiskState, now: number): RiskState {
  if (state.cooldownUntil === null || now < state.cooldownUntil) return state
  return { ...state, cooldownUntil: null, consecutiveLosses: 0 }
}

function rollDay(
  state: RiskState,
  event: { at: number; dayKey: string; equity: string },
  limits: RiskLimits,
): RiskState {
  if (event.dayKey === state.dayKey) return state
  const rolled: RiskState = {
    ...state,
    dayKey: event.dayKey,
    dayOpenEquity: event.equity,
    dailyLossBlockedAt: null,
    entryOrderIds: [],
    consecutiveLosses: 0,
    cooldownUntil: null,
  }
  return markEquity(rolled, event.at, event.equity, limits)
}

/** True if the loss from `base` to `equity` is at least `limit` of `base`. A base of 0 or less breaches on any loss. */
function lossReaches(base: Scaled, equity: Scaled, limit: string): boolean {
  const loss = base - equity
  if (loss <= 0n) return false
  return base <= 0n || loss * toScaled('1') >= toScaled(limit) * base
}

function markEquity(state: RiskState, at: number, equity: string, limits: RiskLimits): RiskState {
  const value = toScaled(equity)
  const peak = toScaled(state.peakEquity)
  const dailyLossHit =
    state.dailyLossBlockedAt === null &&
    lossReaches(toScaled(state.dayOpenEquity), value, limits.maxDailyLoss)
  const dailyLossBlockedAt = dailyLossHit ? at : state.dailyLossBlockedAt
  if (value >= peak) {
    if (value === peak && !state.drawdownWarned && !dailyLossHit) return state
    const peakEquity = value > peak ? equity : state.peakEquity
    return { ...state, peakEquity, drawdownWarned: false, dailyLossBlockedAt }
  }
  const warned = state.drawdownWarned || lossReaches(peak, value, limits.drawdownWarning)
  const tripped = state.drawdownTrippedAt === null && lossReaches(peak, value, limits.maxDrawdown)
  if (!dailyLossHit && !tripped && warned === state.drawdownWarned) return state
  return {
    ...state,
    drawdownWarned: warned,
    drawdownTrippedAt: tripped ? at : state.drawdownTrippedAt,
    dailyLossBlockedAt,
  }
}

/**
 * A loss lengthens the streak; at the limit it starts a cooldown, and any loss while one runs restarts it. A win ends
 * the streak and leaves a running cooldown as it is. Exactly 0 changes nothing.
 */
function closeTrade(state: RiskState, at: number, netPnl: Scaled, limits: RiskLimits): RiskState {
  if (netPnl === 0n) return state
  if (netPnl > 0n) return state.consecutiveLosses === 0 ? state : { ...state, consecutiveLosses: 0 }
  const consecutiveLosses = state.consecutiveLosses + 1
  const cools = consecutiveLosses >= limits.lossStreak || state.cooldownUntil !== null
  const cooldownUntil = cools ? at + limits.cooldownMinutes * MINUTE_MS : null
  return { ...state, consecutiveLosses, cooldownUntil }
}

function rememberStopExit(
  state: RiskState,
  event: Extract<RiskEvent, { type: 'stop_exit' }>,
  limits: RiskLimits,
): RiskState {
  const guard = limits.stopLossGuard
  if (guard.count === null) return state
  // An exit matters while it can still be counted or while the lock it closed can still run.
  const oldest = event.at - (guard.lookbackMinutes + guard.durationMinutes) * MINUTE_MS
  const kept = state.stopExits.filter((exit) => exit.at > oldest)
  return { ...state, stopExits: [...kept, { at: event.at, symbol: event.symbol, side: event.positionSide }] }
}

function breachCollar(state: RiskState, at: number, limits: RiskLimits): RiskState {
  const oldest = at - limits.collarWindowSeconds * SECOND_MS
  const collarBreaches = [...state.collarBreaches.filter((breach) => breach > oldest), at]
  const trips = state.collarTrippedAt === null && collarBreaches.length > limits.collarBreaches
  return { ...state, collarBreaches, collarTrippedAt: trips ? at : state.collarTrippedAt }
}

function release(state: RiskState, equity: string): RiskState {
  return {
    ...state,
    peakEquity: equity,
    drawdownWarned: false,
    drawdownTrippedAt: null,
    collarBreaches: [],
    collarTrippedAt: null,
  }
}
