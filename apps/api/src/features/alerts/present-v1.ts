import type { V1Alert } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import type { AlertPage } from './operations.ts'

export function presentAlert(alert: AlertPage['alerts'][number]): V1Alert {
  return {
    alert_id: alert.alertId,
    severity: alert.severity,
    message: alert.message,
    context: alert.context,
    acknowledged: alert.acknowledged,
    created_at: formatInstant(alert.createdAt),
    code: alert.code,
    acknowledged_at: alert.acknowledgedAt && formatInstant(alert.acknowledgedAt),
    acknowledged_by: alert.acknowledgedBy,
    kind: alert.kind,
    strategy_id: alert.strategyId,
    repeat_count: alert.repeatCount,
    last_repeated_at: alert.lastRepeatedAt && formatInstant(alert.lastRepeatedAt),
    escalated_at: alert.escalatedAt && formatInstant(alert.escalatedAt),
    resolved_at: alert.resolvedAt && formatInstant(alert.resolvedAt),
  }
}
