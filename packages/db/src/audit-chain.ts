import { createHash } from 'node:crypto'
import type { JsonValue } from '@quantdeck/domain'
import type { AuditEntry } from './queries/audit.ts'

/** Where the chain starts. */
export const GENESIS_HASH = '0'.repeat(64)

/** JSON with sorted keys and no spaces: the same facts give the same text, whatever stored them. */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`)
  return `{${fields.join(',')}}`
}

type AuditFacts = Omit<AuditEntry, 'sealedSeq' | 'prevHash' | 'hash'>

/** sha256(previous hash || canonical JSON of the row's facts and its place), in hex. */
export function auditHash(prevHash: string, sealedSeq: number, facts: AuditFacts): string {
  const text = canonicalJson({
    auditId: facts.auditId,
    seq: facts.seq,
    sealedSeq,
    at: facts.at.toISOString(),
    actorId: facts.actorId,
    actorLabel: facts.actorLabel,
    role: facts.role,
    action: facts.action,
    entity: facts.entity,
    entityId: facts.entityId,
    before: facts.before,
    after: facts.after,
    reason: facts.reason,
    requestId: facts.requestId,
    ip: facts.ip,
  })
  return createHash('sha256').update(prevHash).update(text).digest('hex')
}

export type ChainVerdict =
  | { ok: true; sealed: number; unsealed: number; headHash: string }
  | { ok: false; sealedSeq: number; problem: 'missing' | 'unlinked' | 'altered' | 'truncated' }

export interface ChainAnchor {
  /** Sequence and hash of the row before the first one given. */
  after?: { sequence: number; hash: string }
  /** Where the sealer had come: a chain that ends before it has lost its tail. */
  head?: { sequence: number; hash: string }
}

/** Recomputes the chain. Rows may come in any order; unsealed ones are counted, not judged. */
export function verifyAuditChain(rows: readonly AuditEntry[], anchor: ChainAnchor = {}): ChainVerdict {
  const sealed = rows.filter((row) => row.sealedSeq !== null).sort((a, b) => place(a) - place(b))
  let { sequence, hash } = anchor.after ?? { sequence: 0, hash: GENESIS_HASH }
  for (const row of sealed) {
    if (row.sealedSeq !== sequence + 1) return { ok: false, sealedSeq: sequence + 1, problem: 'missing' }
    if (row.prevHash !== hash) return { ok: false, sealedSeq: row.sealedSeq, problem: 'unlinked' }
    if (row.hash !== auditHash(hash, row.sealedSeq, row)) {
      return { ok: false, sealedSeq: row.sealedSeq, problem: 'altered' }
    }
    sequence = row.sealedSeq
    hash = row.hash
  }
  const { head } = anchor
  if (head !== undefined && head.sequence > 0 && (head.sequence !== sequence || head.hash !== hash)) {
    return { ok: false, sealedSeq: sequence + 1, problem: 'truncated' }
  }
  return { ok: true, sealed: sealed.length, unsealed: rows.length - sealed.length, headHash: hash }
}

function place(row: AuditEntry): number {
  return row.sealedSeq ?? 0
}
