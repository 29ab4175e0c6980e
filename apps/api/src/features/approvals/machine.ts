import type { Approval, ApprovalStatus } from '@quantdeck/db'
import { DAY_MS, MINUTE_MS } from '@quantdeck/domain'

import { hashApprovalCode, isApprovalCode } from './approval-code.ts'

/** So long a request waits for another person. */
export const REQUEST_LIFE_MS = DAY_MS
/** So long the code works after the approval. */
export const CODE_LIFE_MS = 10 * MINUTE_MS
export const MAX_WRONG_TRIES = 5

export type ApprovalChange = Partial<
  Pick<
    Approval,
    | 'status'
    | 'codeHash'
    | 'wrongTries'
    | 'approvedBy'
    | 'approvedAt'
    | 'usedAt'
    | 'expiresAt'
    | 'revokedBy'
    | 'revokedAt'
  >
>

/** What stands in the way of a step. */
export type ApprovalRefusal = 'same_person' | 'not_open' | 'configuration_changed' | 'wrong_code'

export type ApprovalStep = { change: ApprovalChange } | { refusal: ApprovalRefusal }

/**
 * The machine of an approval: REQUESTED -> APPROVED -> USED, and from either of the first two EXPIRED (by time alone) or
 * REVOKED (by a person, or by wrong tries). The last three are ends. Pure: what it decides is written by whoever calls.
 */
export function statusAt(
  { status, expiresAt }: Pick<Approval, 'status' | 'expiresAt'>,
  at: Date,
): ApprovalStatus {
  const isOpen = status === 'REQUESTED' || status === 'APPROVED'
  return isOpen && expiresAt <= at ? 'EXPIRED' : status
}

/** Another person agrees to the configuration as it is now, and gets the code. */
export function approve(
  approval: Approval,
  by: { userId: string; at: Date; configHash: string; code: string },
): ApprovalStep {
  if (approval.requestedBy === by.userId) return { refusal: 'same_person' }
  if (statusAt(approval, by.at) !== 'REQUESTED') return { refusal: 'not_open' }
  if (approval.configHash !== by.configHash) return { refusal: 'configuration_changed' }
  return {
    change: {
      status: 'APPROVED',
      codeHash: hashApprovalCode(approval.approvalId, by.code),
      approvedBy: by.userId,
      approvedAt: by.at,
      expiresAt: new Date(by.at.getTime() + CODE_LIFE_MS),
    },
  }
}

/** Somebody thinks better of it, before it was used. */
export function revoke(approval: Approval, by: { userId: string; at: Date }): ApprovalStep {
  const status = statusAt(approval, by.at)
  if (status !== 'REQUESTED' && status !== 'APPROVED') return { refusal: 'not_open' }
  return { change: { status: 'REVOKED', revokedBy: by.userId, revokedAt: by.at } }
}

/** What the try of a code does: to the approval that it belongs to, or to all that it could have been meant for. */
export interface Spending {
  refusal: ApprovalRefusal | null
  changes: { approval: Approval; verb: 'use' | 'wrong_try'; change: ApprovalChange }[]
}

/** @param approvals of one transition, in any status; a right code of a changed configuration is not used up */
export function spend(
  approvals: readonly Approval[],
  { code, at, configHash }: { code: string; at: Date; configHash: string },
): Spending {
  const open = approvals.filter((approval) => statusAt(approval, at) === 'APPROVED')
  const match = open.find(({ approvalId, codeHash }) => isApprovalCode(approvalId, code, codeHash))
  if (match === undefined) {
    const changes = open.map((approval) => ({
      approval,
      verb: 'wrong_try' as const,
      change: wrongTry(approval, at),
    }))
    return { refusal: 'wrong_code', changes }
  }
  if (match.configHash !== configHash) return { refusal: 'configuration_changed', changes: [] }
  return {
    refusal: null,
    changes: [{ approval: match, verb: 'use', change: { status: 'USED', usedAt: at } }],
  }
}

function wrongTry({ wrongTries }: Approval, at: Date): ApprovalChange {
  const tries = wrongTries + 1
  if (tries < MAX_WRONG_TRIES) return { wrongTries: tries }
  return { wrongTries: tries, status: 'REVOKED', revokedAt: at }
}
