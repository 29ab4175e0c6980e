import { type Exact, compare, exact, minus, sign, times } from '../exact.ts'
import type { RiskLimits } from '../limits.ts'
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
  const value = exact(equity)
  const peak = exact(state.peakEquity)
  const fromPeak = compare(value, peak)
  const reaches = (base: Exact, limit: string): boolean => lossReaches(base, value, limit)
  const next: RiskState = {
    ...state,
    peakEquity: fromPeak > 0 ? equity : state.peakEquity,
    // Raised once per descent: it ends at the peak, old or new.
    drawdownWarned: fromPeak < 0 && (state.drawdownWarned || reaches(peak, limits.drawdownWarning)),
    drawdownTrippedAt: state.drawdownTrippedAt ?? (reaches(peak, limits.maxDrawdown) ? at : null),
    dailyLossBlockedAt:
      state.dailyLossBlockedAt ?? (reaches(exact(state.dayOpenEquity), limits.maxDailyLoss) ? at : null),
  }
  return isSame(state, next) ? state : next
}

/** True if the loss from `base` to `equity` is at least `limit` of `base`. A base of 0 or less breaches on any loss. */
function lossReaches(base: Exact, equity: Exact, limit: string): boolean {
  const loss = minus(base, equity)
  return sign(loss) > 0 && compare(loss, times(base, exact(limit))) >= 0
}

function isSame(a: RiskState, b: RiskState): boolean {
  return (
    a.peakEquity === b.peakEquity &&
    a.drawdownWarned === b.drawdownWarned &&
    a.drawdownTrippedAt === b.drawdownTrippedAt &&
    a.dailyLossBlockedAt === b.dailyLossBlockedAt
  )
}
