import type { DeckApproval } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import type { NamedApproval } from './operations.ts'

export function presentApproval({ approval, requestedBy, approvedBy }: NamedApproval): DeckApproval {
  return {
    approval_id: approval.approvalId,
    strategy_id: approval.strategyId,
    from_mode: approval.fromMode,
    to_mode: approval.toMode,
    reason: approval.reason,
    status: approval.status,
    requested_by: requestedBy,
    requested_at: formatInstant(approval.requestedAt),
    approved_by: approvedBy,
    approved_at: approval.approvedAt && formatInstant(approval.approvedAt),
    used_at: approval.usedAt && formatInstant(approval.usedAt),
    expires_at: formatInstant(approval.expiresAt),
  }
}
