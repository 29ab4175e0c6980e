import * as rows from '@quantdeck/db'
import { type ApprovalStatus, type ReleaseRequest, transaction } from '@quantdeck/db'
import { type Actor, requirePerson } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { auditRequest } from './release-audit.ts'
import { assertOpen } from './release-requests.ts'

/**
 * Takes a request to release back before it was approved: by whoever asked for it, or by any other admin.
 * @returns null when there is no such request
 * @throws AppError CONFLICT when it was decided already
 */
export async function revokeRelease(
  deps: Deps,
  actor: Actor,
  approvalId: string,
  reason: string,
): Promise<ReleaseRequest | null> {
  requirePerson(actor, 'admin')
  const at = deps.clock.now()
  return transaction(deps.db, async (trx) => {
    const before = await rows.lockReleaseRequest(trx, approvalId)
    if (before === null) return null
    assertOpen(before, at)
    const revocation = { status: 'REVOKED' as const, revokedBy: actor.userId, revokedAt: at }
    const after = await rows.updateReleaseRequest(trx, approvalId, revocation)
    await auditRequest(trx, actor, { at, verb: 'revoke', before, after, reason })
    return after
  })
}

export interface NamedRelease {
  request: ReleaseRequest
  requestedBy: string
  approvedBy: string | null
  revokedBy: string | null
}

/** Recent first, with the emails of the people. */
export async function listReleases(
  deps: Deps,
  actor: Actor,
  query: { status?: ApprovalStatus | undefined; page: number; perPage: number },
): Promise<{ releases: NamedRelease[]; totalCount: number }> {
  requirePerson(actor, 'admin')
  const { status, page, perPage } = query
  const window = deps.pages.page(actor, 'releases', { status }, { page, perPage })
  const found = await rows.listReleaseRequests(deps.db.kysely, { status }, deps.clock.now(), window)
  const emails = new Map((await rows.listUsers(deps.db.kysely)).map(({ userId, email }) => [userId, email]))
  const nameOf = (userId: string | null) => userId && (emails.get(userId) ?? userId)
  const releases = found.requests.map((request) => ({
    request,
    requestedBy: emails.get(request.requestedBy) ?? request.requestedBy,
    approvedBy: nameOf(request.approvedBy),
    revokedBy: nameOf(request.revokedBy),
  }))
  return { releases, totalCount: found.totalCount }
}
