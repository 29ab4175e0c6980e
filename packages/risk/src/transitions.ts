import { compare, exact, times, whole } from './exact.ts'
import type { RiskLimits } from './limits.ts'
import type { RiskState } from './state.ts'
import { stopLossLockUntil } from './stop-loss-guard.ts'

/** What a change of state means to people: each becomes an alert. */
export const RISK_TRANSITIONS = [
  'drawdown_warning',
  'drawdown_tripped',
  'daily_loss_blocked',
  'trades_warning',
  'trades_blocked',
  'cooldown_started',
  'cooldown_extended',
  'stop_loss_guard_locked',
  'collar_tripped',
  'throttle_warning',
  'throttle_tripped',
  'reconciliation_tripped',
  'reconciliation_cleared',
  'released',
] as const
export type RiskTransition = (typeof RISK_TRANSITIONS)[number]

/** The transitions between two consecutive states of one scope, in the order of the list above. */
export function transitions(before: RiskState, after: RiskState, limits: RiskLimits): RiskTransition[] {
  if (before === after) return []
  const share = limits.warningShare
  const trades = crossing(
    before.entryOrderIds.length,
    after.entryOrderIds.length,
    limits.maxTradesPerDay,
    share,
  )
  const throttle = crossing(before.executions, after.executions, limits.executionThrottle, share)
  const found: Record<RiskTransition, boolean> = {
    drawdown_warning:
      !before.drawdownWarned && after.drawdownWarned && !isSet(before, after, 'drawdownTrippedAt'),
    drawdown_tripped: isSet(before, after, 'drawdownTrippedAt'),
    daily_loss_blocked: isSet(before, after, 'dailyLossBlockedAt'),
    trades_warning: trades === 'warning',
    trades_blocked: trades === 'reached',
    cooldown_started: isSet(before, after, 'cooldownUntil'),
    cooldown_extended: extendsCooldown(before, after),
    stop_loss_guard_locked: locksEntries(before, after, limits),
    collar_tripped: isSet(before, after, 'collarTrippedAt'),
    throttle_warning: throttle === 'warning',
    throttle_tripped: throttle === 'reached',
    reconciliation_tripped: isSet(before, after, 'reconciliationTrippedAt'),
    reconciliation_cleared: isSet(after, before, 'reconciliationTrippedAt'),
    released: RELEASED_BY_PEOPLE.some((latch) => isSet(after, before, latch)),
  }
  return RISK_TRANSITIONS.filter((transition) => found[transition])
}

type Instant =
  | 'drawdownTrippedAt'
  | 'dailyLossBlockedAt'
  | 'cooldownUntil'
  | 'collarTrippedAt'
  | 'throttleTrippedAt'
  | 'reconciliationTrippedAt'

const RELEASED_BY_PEOPLE = ['drawdownTrippedAt', 'collarTrippedAt', 'throttleTrippedAt'] as const

/** Null before, an instant after. */
const isSet = (before: RiskState, after: RiskState, latch: Instant): boolean =>
  before[latch] === null && after[latch] !== null

/** The newest stop exit completed a lock of its own symbol and side. */
function locksEntries(before: RiskState, after: RiskState, limits: RiskLimits): boolean {
  const newest = after.stopExits.at(-1)
  if (newest === undefined || newest === before.stopExits.at(-1)) return false
  const until = stopLossLockUntil(after.stopExits, newest, limits.stopLossGuard)
  return until === newest.at + limits.stopLossGuard.durationMinutes * 60_000
}

const extendsCooldown = (before: RiskState, after: RiskState): boolean =>
  before.cooldownUntil !== null && after.cooldownUntil !== null && after.cooldownUntil > before.cooldownUntil

/** Which threshold a counter crossed: the limit itself, or the share of it from which a warning is raised. */
function crossing(
  before: number,
  after: number,
  limit: number | null,
  warningShare: string,
): 'none' | 'warning' | 'reached' {
  if (limit === null) return 'none'
  if (before < limit && after >= limit) return 'reached'
  const warnsFrom = times(exact(warningShare), whole(limit))
  const warns = (count: number): boolean => compare(whole(count), warnsFrom) >= 0
  return !warns(before) && warns(after) ? 'warning' : 'none'
}
