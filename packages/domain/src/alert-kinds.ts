/** Kinds of alerts: one rule speaks for all alerts of a kind, whatever their codes. */
export const ALERT_KINDS = [
  'kill_switch',
  'drawdown_warning',
  'daily_loss',
  'cooldown',
  'feed_stale',
  'reconciliation_mismatch',
  'model_health',
  'bad_bars',
  'login_anomaly',
  'refresh_reuse',
  'other',
] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** By how the code begins; the longest beginning that fits counts, so that a new code finds its kind by its name. */
const BEGINNINGS: readonly (readonly [beginning: string, kind: AlertKind])[] = [
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
]

/** @returns the kind of an alert's code; `other` where no rule of its own speaks for it */
export function alertKindOf(code: string): AlertKind {
  return BEGINNINGS.find(([beginning]) => code.startsWith(beginning))?.[1] ?? 'other'
}
