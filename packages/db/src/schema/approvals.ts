import type { Mode } from '@quantdeck/domain'
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

export const APPROVAL_STATUSES = ['REQUESTED', 'APPROVED', 'USED', 'EXPIRED', 'REVOKED'] as const
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number]

export interface ApprovalsTable {
  approvalId: Generated<string>
  seq: GeneratedAlways<number>
  strategyId: string
  fromMode: Mode
  toMode: Mode
  reason: string
  status: ApprovalStatus
  configHash: string
  codeHash: string | null
  wrongTries: Generated<number>
  requestedBy: string
  requestedAt: Date
  approvedBy: string | null
  approvedAt: Date | null
  usedAt: Date | null
  expiresAt: Date
  /** What stood when it was asked for; null before there was such a thing. */
  evidence: ColumnType<unknown, string | undefined, string>
  /** Null of a status REVOKED: by wrong tries. */
  revokedBy: string | null
  revokedAt: Date | null
}
