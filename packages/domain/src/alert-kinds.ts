/** By how the code begins; the longest beginning that fits counts, so that a new code finds its kind by its name. */
const BEGINNINGS = [
  ['KILL_SWITCH_', 'kill_switch'],
  ['DRAWDOWN_', 'drawdown_warning'],
  ['DAILY_LOSS_', 'daily_loss'],
  ['COOLDOWN_', 'cooldown'],
  ['FEED_', 'feed_stale'],
  ['RECONCILIATION_', 'reconciliation_mismatch'],
  ['LATE_FILL', 'reconciliation_mismatch'],
  ['UNKNOWN_FILL', 'reconciliation_mismatch'],
  ['OVERFILL', 'reconciliation_mismatch'],
  ['BAD_FILL', 'reconciliation_mismatch'],
  ['FILL_CHANGED', 'reconciliation_mismatch'],
  ['BROKER_CONTRADICTION', 'reconciliation_mismatch'],
  ['BROKER_DIFFERENCE', 'reconciliation_mismatch'],
  ['MODEL_', 'model_health'],
  ['BAD_BAR', 'bad_bars'],
  ['PRICE_LEVEL_', 'bad_bars'],
  ['LOGIN_', 'login_anomaly'],
  ['REFRESH_TOKEN_', 'refresh_reuse'],
] as const satisfies readonly (readonly [beginning: string, kind: string])[]

/** Kinds of alerts: one rule speaks for all alerts of a kind, whatever their codes. */
export type AlertKind = (typeof BEGINNINGS)[number][1] | 'other'
/** Every kind once, `other` last. */
export const ALERT_KINDS: readonly AlertKind[] = [...new Set(BEGINNINGS.map(([, kind]) => kind)), 'other']

/** @returns the kind of an alert's code; `other` where no rule of its own speaks for it */
export function alertKindOf(code: string): AlertKind {
  return BEGINNINGS.find(([beginning]) => code.startsWith(beginning))?.[1] ?? 'other'
}
