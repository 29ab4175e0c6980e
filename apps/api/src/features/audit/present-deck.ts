import type { DeckAuditEntry } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import type { AuditEntry } from './operations.ts'

export function presentAuditEntry(entry: AuditEntry): DeckAuditEntry {
  return {
    audit_id: entry.auditId,
    sequence: entry.sealedSeq,
    at: formatInstant(entry.at),
    actor_id: entry.actorId,
    actor: entry.actorLabel,
    role: entry.role,
    action: entry.action,
    entity: entry.entity,
    entity_id: entry.entityId,
    before: entry.before,
    after: entry.after,
    reason: entry.reason,
    request_id: entry.requestId,
    ip: entry.ip,
    hash: entry.hash,
  }
}
