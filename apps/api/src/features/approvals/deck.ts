import { deck } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { approveTransition, listApprovals, requestApproval, revokeApproval } from './operations.ts'
import { presentApproval } from './present-deck.ts'

export const approvalsDeck = {
  request: implement(deck.approvals.request, async ({ deps, actor, input, idempotencyId }) => {
    const { strategy_id, from_mode, to_mode, reason } = input
    const request = { strategyId: strategy_id, fromMode: from_mode, toMode: to_mode, reason }
    const { approvalId, status, expiresAt } = await requestApproval(deps, actor, request, idempotencyId)
    return { data: { approval_id: approvalId, status, expires_at: formatInstant(expiresAt) } }
  }),
  approve: implement(deck.approvals.approve, async ({ deps, actor, input }) => {
    const { approval, code } = await approveTransition(deps, actor, input.approval_id)
    const { approvalId, expiresAt } = approval
    return {
      data: { approval_id: approvalId, approval_code: code, expires_at: formatInstant(expiresAt) },
    }
  }),
  revoke: implement(deck.approvals.revoke, async ({ deps, actor, input }) => {
    const { approvalId, status, revokedAt } = await revokeApproval(
      deps,
      actor,
      input.approval_id,
      input.reason,
    )
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
