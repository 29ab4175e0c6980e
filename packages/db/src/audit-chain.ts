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

/** What is hashed, and what an export shows: the row's facts and its place, under their names on the wire. */
export function auditEntryText(sealedSeq: number | null, facts: AuditFacts): string {
  return canonicalJson({
    audit_id: facts.auditId,
    row: facts.seq,
    sequence: sealedSeq,
    at: facts.at.toISOString(),
    actor_id: facts.actorId,
    actor: facts.actorLabel,
    role: facts.role,
    action: facts.action,
    entity: facts.entity,
    entity_id: facts.entityId,
    before: facts.before,
    after: facts.after,
    reason: facts.reason,
    request_id: facts.requestId,
    ip: facts.ip,
  })
}

/** sha256(previous hash || text of the row), in hex. */
export function auditHash(prevHash: string, sealedSeq: number, facts: AuditFacts): string {
  return createHash('sha256').update(prevHash).update(auditEntryText(sealedSeq, facts)).digest('hex')
}

/**
 * A line of the export. Whoever checks it hashes the bytes between `{"entry":` and `,"hash":` behind the previous hash:
 * no parser, and no idea of ours about the order of fields, stands between the proof and the file.
 */
export function auditLine({ sealedSeq, prevHash, hash, ...facts }: AuditEntry): string {
  const text = auditEntryText(sealedSeq, facts)
  return `{"entry":${text},"hash":${JSON.stringify(hash)},"prev_hash":${JSON.stringify(prevHash)}}`
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
