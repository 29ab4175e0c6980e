import { deck } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { approveTransition, listApprovals, requestApproval, revokeApproval } from './operations.ts'
import { approveRelease } from '../controls/operations-release.ts'
import { revokeRelease } from '../controls/operations-release-requests.ts'
import { presentApproval, presentApproved } from './present-deck.ts'

export const approvalsDeck = {
  request: implement(deck.approvals.request, async ({ deps, actor, input, idempotencyId }) => {
    const { strategy_id, from_mode, to_mode, reason } = input
    const request = { strategyId: strategy_id, fromMode: from_mode, toMode: to_mode, reason }
    const { approvalId, status, expiresAt } = await requestApproval(deps, actor, request, idempotencyId)
    return { data: { approval_id: approvalId, status, expires_at: formatInstant(expiresAt) } }
  }),
  approve: implement(deck.approvals.approve, async ({ deps, actor, input }) => {
    const release = await approveRelease(deps, actor, input.approval_id)
    if (release !== null) return presentApproved(release, null)
    const { approval, code } = await approveTransition(deps, actor, input.approval_id)
    return presentApproved(approval, code)
  }),
  revoke: implement(deck.approvals.revoke, async ({ deps, actor, input }) => {
    const { approval_id, reason } = input
    const revoked =
      (await revokeRelease(deps, actor, approval_id, reason)) ??
      (await revokeApproval(deps, actor, approval_id, reason))
    const { approvalId, status, revokedAt } = revoked
    return {
      message: 'Approval revoked',
      data: {
        approval_id: approvalId,
        status,
        revoked_at: formatInstant(revokedAt ?? deps.clock.now()),
      },
    }
  }),
  list: implement(deck.approvals.list, async ({ deps, actor, input }) => {
    const { status, page, per_page } = input
    const { approvals, totalCount } = await listApprovals(deps, actor, { status, page, perPage: per_page })
    return { data: approvals.map(presentApproval), meta: { total_count: totalCount, page, per_page } }
  }),
} satisfies Implements<typeof deck.approvals>
