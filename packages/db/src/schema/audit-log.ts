import type { Generated, GeneratedAlways } from 'kysely'
import type { Json } from './columns.ts'

export interface AuditLogTable {
  auditId: Generated<string>
  seq: GeneratedAlways<number>
  at: Date
  actorId: string | null
  actorLabel: string
  role: string | null
  action: string
  entity: string
  entityId: string | null
  before: Json | null
  after: Json | null
  reason: string | null
  requestId: string | null
  ip: string | null
  sealedSeq: number | null
  prevHash: string | null
  hash: string | null
}
