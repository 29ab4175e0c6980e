import type { JsonValue } from '@quantdeck/domain'
import { type RawBuilder, sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { AuditLogTable } from '../schema/audit-log.ts'
import { RowBatch } from './batch.ts'
import { type Page, readPage } from './page.ts'
import { given, type InstantRange } from './values.ts'

/** One privileged or money-moving action: who did what to which row, and why. */
export interface NewAuditEntry {
  auditId: string
  at: Date
  actorId: string | null
  actorLabel: string
  role: string | null
  /** `<entity>.<verb>`, such as `kill_switch.activate`. */
  action: string
  entity: string
  entityId: string | null
  before: JsonValue
  after: JsonValue
  reason: string | null
  requestId: string | null
  ip: string | null
}

export interface AuditEntry extends NewAuditEntry {
  seq: number
  /** Null while the row is not yet part of the chain. */
  sealedSeq: number | null
  prevHash: string | null
  hash: string | null
}

/** `from` and `to` are of `at`. */
export interface AuditFilter extends InstantRange {
  /** Id or label of who did it. */
  actor?: string
  action?: string
  entity?: string
  entityId?: string
}

export function toAuditEntry(row: Selectable<AuditLogTable>): AuditEntry {
  return { ...row, before: row.before as JsonValue, after: row.after as JsonValue }
}

const batch = new RowBatch('audit_log', [
  'auditId',
  'at',
  'actorId',
  'actorLabel',
  'role',
  'action',
  'entity',
  'entityId',
  'before',
  'after',
  'reason',
  'requestId',
  'ip',
])

/** Belongs into the transaction of the action itself. */
export async function appendAudit(db: Queryable, entries: readonly NewAuditEntry[]): Promise<void> {
  await batch.insert(db, entries)
}

/** The same as a part of a larger statement. */
export function auditInsertion(entries: readonly NewAuditEntry[]): RawBuilder<unknown> {
  return batch.insertion(entries)
}

function matching(db: Queryable, filter: AuditFilter) {
  return db
    .selectFrom('auditLog')
    .where((eb) =>
      eb.and([
        ...given(filter.actor, (who) => eb.or([eb('actorId', '=', who), eb('actorLabel', '=', who)])),
        ...given(filter.action, (action) => eb('action', '=', action)),
        ...given(filter.entity, (entity) => eb('entity', '=', entity)),
        ...given(filter.entityId, (id) => eb('entityId', '=', id)),
        ...given(filter.from, (at) => eb('at', '>=', at)),
        ...given(filter.to, (at) => eb('at', '<=', at)),
      ]),
    )
}

/** Recent first, with the count over all pages. */
export async function listAudit(
  db: Queryable,
  filter: AuditFilter,
  page: Page,
): Promise<{ entries: AuditEntry[]; totalCount: number }> {
  const query = matching(db, filter)
  const { rows, totalCount } = await readPage(query, (q) => q.selectAll(), null, page)
  return { entries: rows.map(toAuditEntry), totalCount }
}

export async function countUnsealedAudit(db: Queryable): Promise<number> {
  const { count } = await db
    .selectFrom('auditLog')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('sealedSeq', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

/** The chain in its own order, after `afterSealedSeq`: for export and verification. */
export async function listSealedAudit(
  db: Queryable,
  afterSealedSeq: number,
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('auditLog')
    .selectAll()
    .where('sealedSeq', '>', afterSealedSeq)
    .orderBy('sealedSeq')
    .limit(limit)
    .execute()
  return rows.map(toAuditEntry)
}

/**
 * The next rows of an export: the chain after `afterSealedSeq`, and once that is at its end the rows that are not sealed
 * yet, after `afterSeq`. Both come from one look at the table, so that a row which is sealed meanwhile is in one of them.
 */
export async function listAuditForExport(
  db: Queryable,
  filter: AuditFilter,
  after: { sealedSeq: number; seq: number },
  limit: number,
): Promise<AuditEntry[]> {
  const sealed = matching(db, filter)
    .selectAll()
    .where('sealedSeq', '>', after.sealedSeq)
    .orderBy('sealedSeq')
    .limit(limit)
  const unsealed = matching(db, filter)
    .selectAll()
    .where('sealedSeq', 'is', null)
    .where('seq', '>', after.seq)
    .orderBy('seq')
    .limit(limit)
  const rows = await db
    .with('sealed', () => sealed)
    .with('unsealed', () => unsealed)
    .selectFrom((eb) =>
      eb.selectFrom('sealed').selectAll().unionAll(eb.selectFrom('unsealed').selectAll()).as('next'),
    )
    .selectAll()
    .orderBy('sealedSeq', (order) => order.asc().nullsLast())
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(toAuditEntry)
}

/** Up to where the sealer has come: a chain that ends before it has lost its tail. */
export async function getAuditHead(db: Queryable): Promise<{ sequence: number; hash: string }> {
  const { rows } = await sql<{ sequence: number; hash: string }>`
    select sequence, hash from sealer_heads where stream = 'audit'`.execute(db)
  return rows[0] ?? { sequence: 0, hash: '' }
}
