import { sql, type Selectable } from 'kysely'
import type { Queryable, Trx } from '../client.ts'
import type { ApprovalStatus } from '../schema/approvals.ts'
import type { ReleaseRequestsTable } from '../schema/release-requests.ts'
import type { KillSwitchScope } from './kill-switches.ts'
import { type Page, readPage } from './page.ts'
import { given, isUuid } from './values.ts'

/** A person's request to release a scope, and what another person made of it. */
export type ReleaseRequest = Omit<Selectable<ReleaseRequestsTable>, 'scope'> & { scope: KillSwitchScope }
export type NewReleaseRequest = Pick<
  ReleaseRequest,
  | 'approvalId'
  | 'scope'
  | 'reason'
  | 'heldHash'
  | 'liveStrategies'
  | 'requestedBy'
  | 'requestedAt'
  | 'expiresAt'
>

function toRequest(row: Selectable<ReleaseRequestsTable>): ReleaseRequest {
  return { ...row, scope: row.scope as KillSwitchScope }
}

export async function insertReleaseRequest(
  db: Queryable,
  request: NewReleaseRequest,
): Promise<ReleaseRequest> {
  const liveStrategies = JSON.stringify(request.liveStrategies)
  const row = await db
    .insertInto('releaseRequests')
    .values({ ...request, liveStrategies, status: 'REQUESTED' })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toRequest(row)
}

export async function findReleaseRequest(db: Queryable, approvalId: string): Promise<ReleaseRequest | null> {
  if (!isUuid(approvalId)) return null
  const row = await db
    .selectFrom('releaseRequests')
    .selectAll()
    .where('approvalId', '=', approvalId)
    .executeTakeFirst()
  return row === undefined ? null : toRequest(row)
}

/** Locked until the transaction ends, so that two deciders are served one after the other. */
export async function lockReleaseRequest(trx: Trx, approvalId: string): Promise<ReleaseRequest | null> {
  if (!isUuid(approvalId)) return null
  const row = await trx
    .selectFrom('releaseRequests')
    .selectAll()
    .where('approvalId', '=', approvalId)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : toRequest(row)
}

/** Of a scope, those that nobody has decided; whether their time is over is for the reader to see. */
export async function listOpenReleaseRequests(
  db: Queryable,
  scope: KillSwitchScope,
): Promise<ReleaseRequest[]> {
  const found = await db
    .selectFrom('releaseRequests')
    .selectAll()
    .where('scope', '=', scope)
    .where('status', '=', 'REQUESTED')
    .orderBy('seq')
    .execute()
  return found.map(toRequest)
}

export async function updateReleaseRequest(
  db: Queryable,
  approvalId: string,
  change: Partial<Pick<ReleaseRequest, 'status' | 'approvedBy' | 'approvedAt' | 'revokedBy' | 'revokedAt'>>,
): Promise<ReleaseRequest> {
  const row = await db
    .updateTable('releaseRequests')
    .set(change)
    .where('approvalId', '=', approvalId)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toRequest(row)
}

/** Recent first. One past its end is EXPIRED at `now` though no row says so. */
export async function listReleaseRequests(
  db: Queryable,
  filter: { status?: ApprovalStatus | undefined },
  now: Date,
  page: Page,
): Promise<{ requests: ReleaseRequest[]; totalCount: number }> {
  const effective = sql<ReleaseRequest['status']>`case when status = 'REQUESTED' and expires_at <= ${now}
    then 'EXPIRED' else status end`
  const query = db
    .selectFrom('releaseRequests')
    .where((eb) => eb.and([...given(filter.status, (status) => eb(sql<string>`${effective}`, '=', status))]))
  const { rows, totalCount } = await readPage(
    query,
    (q) => q.selectAll().select(effective.as('effectiveStatus')),
    null,
    page,
  )
  const requests = rows.map(({ effectiveStatus, ...row }) => toRequest({ ...row, status: effectiveStatus }))
  return { requests, totalCount }
}
