import type { RiskLimits } from '../limits.ts'
import { ONE_SCALED, type Scaled, toScaled } from '../scaled.ts'
import type { RiskState } from '../state.ts'

/** A new trading day: what counts by the day starts again; latches that a person has to release stay. */
export function rollDay(
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
  return markEquity(rolled, event, limits)
}

/** A01 and A02: equity including unrealised P&L against the peak and the day's open. */
export function markEquity(
  state: RiskState,
  { at, equity }: { at: number; equity: string },
  limits: RiskLimits,
): RiskState {
  const value = toScaled(equity)
  const peak = toScaled(state.peakEquity)
  const reaches = (base: Scaled, limit: string): boolean => lossReaches(base, value, limit)
  const next: RiskState = {
    ...state,
    peakEquity: value > peak ? equity : state.peakEquity,
    // Raised once per descent: it ends at the peak, old or new.
    drawdownWarned: value < peak && (state.drawdownWarned || reaches(peak, limits.drawdownWarning)),
    drawdownTrippedAt: state.drawdownTrippedAt ?? (reaches(peak, limits.maxDrawdown) ? at : null),
    dailyLossBlockedAt:
      state.dailyLossBlockedAt ?? (reaches(toScaled(state.dayOpenEquity), limits.maxDailyLoss) ? at : null),
  }
  return isSame(state, next) ? state : next
}

/** True if the loss from `base` to `equity` is at least `limit` of `base`. A base of 0 or less breaches on any loss. */
function lossReaches(base: Scaled, equity: Scaled, limit: string): boolean {
  const loss = base - equity
  if (loss <= 0n) return false
  return base <= 0n || loss * ONE_SCALED >= toScaled(limit) * base
}

function isSame(a: RiskState, b: RiskState): boolean {
  return (
    a.peakEquity === b.peakEquity &&
    a.drawdownWarned === b.drawdownWarned &&
    a.drawdownTrippedAt === b.drawdownTrippedAt &&
    a.dailyLossBlockedAt === b.dailyLossBlockedAt
  )
}
