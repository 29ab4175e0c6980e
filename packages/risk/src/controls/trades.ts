import type { RiskEvent } from '../events.ts'
import { exact, sign } from '../exact.ts'
import type { RiskLimits, StopLossGuardLimits } from '../limits.ts'
import type { RiskState } from '../state.ts'

const MINUTE_MS = 60_000

/** Applies what time alone has changed: an elapsed cooldown ends, and its streak with it. */
export function elapseCooldown(state: RiskState, now: number): RiskState {
  if (state.cooldownUntil === null || now < state.cooldownUntil) return state
  return { ...state, cooldownUntil: null, consecutiveLosses: 0 }
}

/** A03: an entry order counts with its first fill. */
export function countEntry(state: RiskState, orderId: string): RiskState {
  if (state.entryOrderIds.includes(orderId)) return state
  return { ...state, entryOrderIds: [...state.entryOrderIds, orderId] }
}

/**
 * A04: a loss lengthens the streak; at the limit it starts a cooldown, and any loss while one runs restarts it. A win
 * ends the streak and leaves a running cooldown as it is. Exactly 0 changes nothing.
 */
export function closeTrade(
  state: RiskState,
  { at, netPnlUsd }: { at: number; netPnlUsd: string },
  limits: RiskLimits,
): RiskState {
  const result = sign(exact(netPnlUsd))
  if (result === 0) return state
  if (result > 0) return state.consecutiveLosses === 0 ? state : { ...state, consecutiveLosses: 0 }
  const consecutiveLosses = state.consecutiveLosses + 1
  const cools = consecutiveLosses >= limits.lossStreak || state.cooldownUntil !== null
  const cooldownUntil = cools ? at + limits.cooldownMinutes * MINUTE_MS : null
  return { ...state, consecutiveLosses, cooldownUntil }
}

/** A05: exits are remembered while they can still be counted, or while the lock that they closed can still run. */
export function rememberStopExit(
  state: RiskState,
  { at, symbol, positionSide }: Extract<RiskEvent, { type: 'stop_exit' }>,
  guard: StopLossGuardLimits,
): RiskState {
  if (guard.count === null) return state
  const oldest = at - (guard.lookbackMinutes + guard.durationMinutes) * MINUTE_MS
  const kept = state.stopExits.filter((exit) => exit.at > oldest)
  return { ...state, stopExits: [...kept, { at, symbol, side: positionSide }] }
}
