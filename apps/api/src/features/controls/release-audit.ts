import * as rows from '@quantdeck/db'
import type { ReleaseRequest, Trx } from '@quantdeck/db'
import type { Actor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'

interface RequestChange {
  at: Date
  verb: 'request' | 'use' | 'revoke'
  before: ReleaseRequest | null
  after: ReleaseRequest
  reason?: string
}

/** What became of a request to release, in the log. */
export async function auditRequest(trx: Trx, actor: Actor, change: RequestChange): Promise<void> {
  const { at, verb, before, after, reason } = change
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, at),
      ...{ action: `approval.${verb}`, entity: 'approval', entityId: after.approvalId },
      before: before && { status: before.status },
      after: { status: after.status, scope: after.scope, live_strategies: after.liveStrategies },
      reason: reason ?? after.reason,
    },
  ])
}
