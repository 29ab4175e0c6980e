import type { ALERT_KINDS, ALERT_SEVERITIES } from '@quantdeck/contracts'
import type { Outputs } from '../../lib/app-router.ts'

export type AlertRule = Outputs['deck']['alertRules']['list']['data'][number]
export type AlertKind = (typeof ALERT_KINDS)[number]

/** A rule as typed; an empty field leaves it to the alert. */
export interface RuleForm {
  kind: AlertKind
  strategy_id: string
  enabled: boolean
  severity: (typeof ALERT_SEVERITIES)[number] | ''
  threshold: string
  dedupe_minutes: string
  repeat_minutes: string
  escalate_minutes: string
  escalate_webhook_id: string
}

/** Kinds with a threshold of their own, and its unit. */
export const THRESHOLDS: Partial<Record<AlertKind, 'percent' | 'minutes' | 'failures'>> = {
  drawdown_warning: 'percent',
  daily_loss: 'percent',
  feed_stale: 'minutes',
  login_anomaly: 'failures',
}

/** Always raised, each one, and critical: no rule silences them. */
export const isFixed = (kind: AlertKind): boolean => kind === 'kill_switch' || kind === 'refresh_reuse'

export function toForm(rule: AlertRule | null): RuleForm {
  return {
    kind: rule?.kind ?? 'drawdown_warning',
    strategy_id: rule?.strategy_id ?? '',
    enabled: rule?.enabled ?? true,
    severity: rule?.severity ?? '',
    threshold: rule?.threshold ?? '',
    dedupe_minutes: String(rule?.dedupe_minutes ?? ''),
    repeat_minutes: String(rule?.repeat_minutes ?? ''),
    escalate_minutes: String(rule?.escalate_minutes ?? ''),
    escalate_webhook_id: rule?.escalate_webhook_id ?? '',
  }
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
const minutes = (text: string) => (text.trim() === '' ? null : Number(text))

/** What the operations take of it; of a kind that cannot be silenced only what may be said. */
export function readRule(form: RuleForm) {
  const repeats = {
    repeat_minutes: minutes(form.repeat_minutes),
    escalate_minutes: minutes(form.escalate_minutes),
    escalate_webhook_id: orNull(form.escalate_webhook_id),
  }
  if (isFixed(form.kind)) return repeats
  const hasThreshold = THRESHOLDS[form.kind] !== undefined
  return {
    ...repeats,
    enabled: form.enabled,
    severity: orNull(form.severity),
    dedupe_minutes: minutes(form.dedupe_minutes),
    ...(hasThreshold && { threshold: orNull(form.threshold.replace(',', '.')) }),
  }
}
