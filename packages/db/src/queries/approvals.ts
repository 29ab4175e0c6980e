import type { Mode } from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { ApprovalStatus, ApprovalsTable } from '../schema/approvals.ts'
import { type Page, readPage } from './page.ts'
import { given, isUuid, type VisibleStrategies, visibleOnly } from './values.ts'

/** A person's request to change a strategy's mode, and another person's single-use code for it. */
export type Approval = Selectable<ApprovalsTable>
export type NewApproval = Pick<
  Approval,
  | 'approvalId'
  | 'strategyId'
  | 'fromMode'
  | 'toMode'
  | 'reason'
  | 'configHash'
  | 'requestedBy'
  | 'requestedAt'
  | 'expiresAt'
> & { evidence: unknown }

export async function insertApproval(db: Queryable, approval: NewApproval): Promise<Approval> {
  return db
    .insertInto('approvals')
    .values({ ...approval, evidence: JSON.stringify(approval.evidence), status: 'REQUESTED' })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function findApproval(db: Queryable, approvalId: string): Promise<Approval | null> {
  if (!isUuid(approvalId)) return null
  const row = await db
    .selectFrom('approvals')
    .selectAll()
    .where('approvalId', '=', approvalId)
    .executeTakeFirst()
  return row ?? null
}

/** Locked until the transaction ends, so that two deciders are served one after the other. */
export async function lockApproval(db: Queryable, approvalId: string): Promise<Approval | null> {
  if (!isUuid(approvalId)) return null
  const row = await db
    .selectFrom('approvals')
    .selectAll()
    .where('approvalId', '=', approvalId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** The approved, unused codes of a transition, locked: one of 50 parallel uses of a code gets it. */
export async function lockApprovedFor(
  db: Queryable,
  transition: { strategyId: string; fromMode: Mode; toMode: Mode },
): Promise<Approval[]> {
  return db
    .selectFrom('approvals')
    .selectAll()
    .where('strategyId', '=', transition.strategyId)
    .where('fromMode', '=', transition.fromMode)
    .where('toMode', '=', transition.toMode)
    .where('status', '=', 'APPROVED')
    .orderBy('seq')
    .forUpdate()
    .execute()
}

export async function updateApproval(
  db: Queryable,
  approvalId: string,
  change: Partial<
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
  >,
): Promise<Approval> {
  return db
    .updateTable('approvals')
    .set(change)
    .where('approvalId', '=', approvalId)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** @returns those that expired now */
export async function expireApprovals(db: Queryable, now: Date): Promise<Approval[]> {
  return db
    .updateTable('approvals')
    .set({ status: 'EXPIRED' })
    .where('status', 'in', ['REQUESTED', 'APPROVED'])
    .where('expiresAt', '<=', now)
    .returningAll()
    .execute()
}

export interface ApprovalFilter {
  visible: VisibleStrategies
  strategyId?: string
  status?: ApprovalStatus
}

/** Recent first. An approval past its end is EXPIRED at `now` though no row says so yet. */
export async function listApprovals(
  db: Queryable,
  filter: ApprovalFilter,
  now: Date,
  page: Page,
): Promise<{ approvals: Approval[]; totalCount: number }> {
  const effective = sql<ApprovalStatus>`case when status in ('REQUESTED', 'APPROVED') and expires_at <= ${now}
    then 'EXPIRED' else status end`
  const query = db
    .selectFrom('approvals')
    .where((eb) =>
      eb.and([
        ...visibleOnly(filter.visible),
        ...given(filter.strategyId, (id) => eb('strategyId', '=', id)),
        ...given(filter.status, (status) => eb(effective, '=', status)),
      ]),
    )
  const { rows, totalCount } = await readPage(
    query,
    (q) => q.selectAll().select(effective.as('effectiveStatus')),
    null,
    page,
  )
  const approvals = rows.map(({ effectiveStatus, ...row }) => ({ ...row, status: effectiveStatus }))
  return { approvals, totalCount }
}
