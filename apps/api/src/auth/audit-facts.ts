import { randomUUID } from 'node:crypto'
import type { NewAuditEntry } from '@quantdeck/db'
import type { Actor } from './actor.ts'

/** Who, from where, when: what every audit entry says of its actor. */
export type AuditFacts = Pick<
  NewAuditEntry,
  'auditId' | 'at' | 'actorId' | 'actorLabel' | 'role' | 'requestId' | 'ip'
>

export function auditFacts(actor: Actor, at: Date): AuditFacts {
  return {
    auditId: randomUUID(),
    at,
    actorId: actor.userId ?? actor.apiKeyId,
    actorLabel: actor.label,
    role: actor.role,
    requestId: actor.requestId,
    ip: actor.ip,
  }
}
