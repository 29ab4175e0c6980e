import type { AlertSeverity } from '@quantdeck/domain'
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
}
