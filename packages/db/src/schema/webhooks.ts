import type { AlertKind, AlertSeverity } from '@quantdeck/domain'
import type { GeneratedAlways } from 'kysely'

export const WEBHOOK_FORMATS = ['json', 'slack', 'telegram'] as const
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number]

/** What can happen to an alert that a receiver is told. */
export const WEBHOOK_EVENTS = [
  'alert.raised',
  'alert.repeated',
  'alert.escalated',
  'alert.acknowledged',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

export interface WebhooksTable {
  webhookId: string
  seq: GeneratedAlways<number>
  name: string
  format: WebhookFormat
  /** Slack's and Telegram's addresses are secrets themselves, so every address is kept like one. */
  urlSealed: string
  urlHint: string
  chatId: string | null
  secretSealed: string
  previousSecretSealed: string | null
  previousSecretUntil: Date | null
  minSeverity: AlertSeverity
  kinds: AlertKind[] | null
  events: WebhookEvent[]
  isEnabled: boolean
  disabledReason: string | null
  createdAt: Date
  createdBy: string
  updatedAt: Date
}
