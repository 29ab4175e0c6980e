import type { AlertKind, AlertSeverity } from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'

export interface AlertRulesTable {
  ruleId: Generated<string>
  seq: GeneratedAlways<number>
  kind: AlertKind
  /** Null: of all strategies that have no rule of their own for this kind. */
  strategyId: string | null
  isEnabled: boolean
  severity: AlertSeverity | null
  threshold: string | null
  dedupeMinutes: number | null
  repeatMinutes: number | null
  escalateMinutes: number | null
  escalateWebhookId: string | null
  createdAt: Date
  updatedAt: Date
  updatedBy: string
}
