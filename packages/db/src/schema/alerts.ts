import type { AlertKind, AlertSeverity } from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'
import type { JsonWithDefault } from './columns.ts'

export interface AlertsTable {
  alertId: Generated<string>
  seq: GeneratedAlways<number>
  severity: AlertSeverity
  code: string
  message: string
  context: JsonWithDefault
  strategyId: string | null
  dedupeKey: string | null
  acknowledged: Generated<boolean>
  acknowledgedAt: Date | null
  acknowledgedBy: string | null
  createdAt: Date
  kind: AlertKind
  /** What it is about: alerts of one subject within a rule's time are one. */
  subject: string
  /** Null until the webhooks that want it have their deliveries. */
  dispatchedAt: Date | null
  repeatCount: Generated<number>
  lastRepeatedAt: Date | null
  escalatedAt: Date | null
  /** Since when what it tells of is over; null while it lasts. */
  resolvedAt: Date | null
}
