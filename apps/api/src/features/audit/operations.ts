import { type AuditEntry, type AuditFilter, listAudit } from '@quantdeck/db'
import { type Actor, requireRole, requireScope } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'

export type { AuditEntry }

export interface AuditQuery extends AuditFilter {
  page: number
  perPage: number
}

/** Everything privileged that was done, recent first. */
export async function listAuditEntries(
  deps: Deps,
  actor: Actor,
  { page, perPage, ...filter }: AuditQuery,
): Promise<{ entries: AuditEntry[]; totalCount: number }> {
  requireRole(actor, 'admin')
  requireScope(actor, 'admin')
  return listAudit(deps.db.kysely, filter, { limit: perPage, offset: (page - 1) * perPage })
}
