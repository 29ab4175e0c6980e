import type { V1Alert } from '@quantdeck/contracts'
import { type Alert, formatInstant } from '@quantdeck/domain'

export function presentAlert(alert: Alert): V1Alert {
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
  }
}
