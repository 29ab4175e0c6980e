import type { Generated, GeneratedAlways } from 'kysely'
import type { Json } from './columns.ts'

export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

export interface WebhookDeliveriesTable {
  deliveryId: string
  seq: GeneratedAlways<number>
  webhookId: string
  /** Null: a test. */
  alertId: string | null
  event: string
  /** Which repetition it is; 0 for what happens once. */
  occurrence: number
  payload: Json
  status: DeliveryStatus
  attempts: Generated<number>
  nextAttemptAt: Date
  /** Who tries it now; a lease that has run out belongs to nobody. */
  leaseId: string | null
  leasedUntil: Date | null
  lastStatus: number | null
  lastError: string | null
  createdAt: Date
  finishedAt: Date | null
}

export interface WebhookAttemptsTable {
  deliveryId: string
  attempt: number
  at: Date
  durationMs: number
  status: number | null
  error: string | null
}
