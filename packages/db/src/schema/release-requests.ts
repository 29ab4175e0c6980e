import type { ColumnType, GeneratedAlways } from 'kysely'
import type { ApprovalStatus } from './approvals.ts'

export interface ReleaseRequestsTable {
  approvalId: string
  seq: GeneratedAlways<number>
  scope: string
  reason: string
  status: Exclude<ApprovalStatus, 'APPROVED'>
  /** Of what held the scope when it was asked for. */
  heldHash: string
  /** Ids of strategies. */
  liveStrategies: ColumnType<string[], string, string>
  requestedBy: string
  requestedAt: Date
  approvedBy: string | null
  approvedAt: Date | null
  revokedBy: string | null
  revokedAt: Date | null
  expiresAt: Date
}
