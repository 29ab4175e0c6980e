import { randomUUID } from 'node:crypto'
import * as rows from '@quantdeck/db'
import { type Approval, type ApprovalStatus, transaction, type Trx } from '@quantdeck/db'
import { AppError, type Mode, notFound, type Strategy } from '@quantdeck/domain'
import { type Actor, requirePerson } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import type { Deps } from '../../deps.ts'
import { configHash } from '../strategies/config-hash.ts'
import { newApprovalCode } from './approval-code.ts'
import { collectEvidence } from './evidence.ts'
import { approve, type ApprovalStep, REQUEST_LIFE_MS, revoke, statusAt } from './machine.ts'

export interface ApprovalRequest {
  strategyId: string
  fromMode: Mode
  toMode: Mode
  reason: string
}

/**
 * Asks another admin for the transition of a strategy as it is configured now.
 * @param requestId the new approval's id; a retry with the same id meets the same approval
 * @throws AppError NOT_FOUND, VALIDATION_ERROR when no approval is needed, CONFLICT when the strategy is in another mode
 */
export async function requestApproval(
  deps: Deps,
  actor: Actor,
  request: ApprovalRequest,
  requestId: string | null,
): Promise<Approval> {
  requirePerson(actor, 'admin')
  const requestedBy = userIdOf(actor)
  assertNeedsApproval(request)
  const now = deps.clock.now()
  const approvalId = requestId ?? randomUUID()
  const evidence = await collectEvidence(deps, actor, request.strategyId)
  return transaction(deps.db, async (trx) => {
    const strategy = await rows.findStrategy(trx, request.strategyId)
    if (strategy === null) throw notFound('Strategy')
    const earlier = await rows.findApproval(trx, approvalId)
    if (earlier !== null) return earlier
    assertFromMode(strategy, request.fromMode)
    const approval = await rows.insertApproval(trx, {
      ...request,
      approvalId,
      configHash: configHash(strategy),
      evidence,
      requestedBy,
      requestedAt: now,
      expiresAt: new Date(now.getTime() + REQUEST_LIFE_MS),
    })
    await audit(trx, actor, { at: now, verb: 'request', before: null, after: approval })
    return approval
  })
}

/**
 * The code is answered here and nowhere else: single use, ten minutes, bound to strategy, modes and configuration.
 * @throws AppError NOT_FOUND, FORBIDDEN for the requester, CONFLICT when it is no longer open or the configuration changed
 */
export async function approveTransition(
  deps: Deps,
  actor: Actor,
  approvalId: string,
): Promise<{ approval: Approval; code: string }> {
  requirePerson(actor, 'admin')
  const approvedBy = userIdOf(actor)
  const now = deps.clock.now()
  const code = newApprovalCode()
  const approval = await transaction(deps.db, async (trx) => {
    const request = await rows.lockApproval(trx, approvalId)
    if (request === null) throw notFound('Approval')
    const strategy = await rows.findStrategy(trx, request.strategyId)
    if (strategy === null) throw notFound('Strategy')
    const step = approve(request, { userId: approvedBy, at: now, configHash: configHash(strategy), code })
    assertNotRefused(step, request, now)
    assertFromMode(strategy, request.fromMode)
    const approved = await rows.updateApproval(trx, approvalId, step.change)
    await audit(trx, actor, { at: now, verb: 'approve', before: request, after: approved })
    return approved
  })
  return { approval, code }
}

/**
 * Takes a request or a code back before it was used: by whoever asked for it, or by any other admin.
 * @throws AppError NOT_FOUND, CONFLICT when it was used or ended already
 */
export async function revokeApproval(
  deps: Deps,
  actor: Actor,
  approvalId: string,
  reason: string,
): Promise<Approval> {
  requirePerson(actor, 'admin')
  const userId = userIdOf(actor)
  const now = deps.clock.now()
  return transaction(deps.db, async (trx) => {
    const before = await rows.lockApproval(trx, approvalId)
    if (before === null) throw notFound('Approval')
    const step = revoke(before, { userId, at: now })
    assertNotRefused(step, before, now)
    const revoked = await rows.updateApproval(trx, approvalId, step.change)
    await audit(trx, actor, { at: now, verb: 'revoke', before, after: revoked, reason })
    return revoked
  })
}

export interface NamedApproval {
  approval: Approval
  requestedBy: string
  approvedBy: string | null
  revokedBy: string | null
}

/** Recent first, with the emails of the two. */
export async function listApprovals(
  deps: Deps,
  actor: Actor,
  query: { status?: ApprovalStatus; page: number; perPage: number },
): Promise<{ approvals: NamedApproval[]; totalCount: number }> {
  requirePerson(actor, 'admin')
  const { status, page, perPage } = query
  const window = deps.pages.page(actor, 'approvals', { status }, { page, perPage })
  const filter = { visible: 'all', status } as const
  const found = await rows.listApprovals(deps.db.kysely, filter, deps.clock.now(), window)
  const emails = new Map((await rows.listUsers(deps.db.kysely)).map(({ userId, email }) => [userId, email]))
  const nameOf = (userId: string) => emails.get(userId) ?? userId
  return {
    approvals: found.approvals.map((approval) => ({
      approval,
      requestedBy: nameOf(approval.requestedBy),
      approvedBy: approval.approvedBy && nameOf(approval.approvedBy),
      revokedBy: approval.revokedBy && nameOf(approval.revokedBy),
    })),
    totalCount: found.totalCount,
  }
}

/** Trading real money is what needs a second person. */
export function needsApproval(toMode: Mode): boolean {
  return toMode === 'LIVE'
}

function assertNeedsApproval({ fromMode, toMode }: ApprovalRequest): void {
  if (fromMode !== toMode && needsApproval(toMode)) return
  const message =
    fromMode === toMode ? 'Must differ from from_mode' : `${fromMode} to ${toMode} needs no approval`
  throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', {
    details: [{ field: 'to_mode', message }],
  })
}

/** @throws AppError CONFLICT */
export function assertFromMode(strategy: Strategy, fromMode: Mode): void {
  if (strategy.mode === fromMode) return
  throw new AppError('CONFLICT', `${strategy.strategyId} is in ${strategy.mode}, not in ${fromMode}`)
}

function assertNotRefused(
  step: ApprovalStep,
  approval: Approval,
  now: Date,
): asserts step is Exclude<ApprovalStep, { refusal: unknown }> {
  if (!('refusal' in step)) return
  switch (step.refusal) {
    case 'same_person':
      throw new AppError('FORBIDDEN', 'Another admin than the one who asked has to approve')
    case 'not_open':
      throw new AppError('CONFLICT', `The approval is ${statusAt(approval, now)}`)
    case 'configuration_changed':
      throw new AppError('CONFLICT', 'The configuration was changed after the request: ask again')
    case 'wrong_code':
      throw new AppError('FORBIDDEN', 'The approval code is wrong, used or expired')
  }
}

function userIdOf(actor: Actor): string {
  if (actor.userId === null) throw new AppError('FORBIDDEN', 'Only a person may do this')
  return actor.userId
}

/** What became of an approval, in the log; never its code. */
export async function audit(
  trx: Trx,
  actor: Actor,
  change: { at: Date; verb: string; before: Approval | null; after: Approval; reason?: string },
): Promise<void> {
  const { at, verb, before, after, reason } = change
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, at),
      action: `approval.${verb}`,
      entity: 'approval',
      entityId: after.approvalId,
      before: before && { status: before.status, wrong_tries: before.wrongTries },
      after: {
        status: after.status,
        wrong_tries: after.wrongTries,
        strategy_id: after.strategyId,
        from_mode: after.fromMode,
        to_mode: after.toMode,
        config_hash: after.configHash,
      },
      reason: reason ?? after.reason,
    },
  ])
}
