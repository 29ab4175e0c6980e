import {
  type AuditEntry,
  type AuditFilter,
  auditLine,
  type ChainVerdict,
  countUnsealedAudit,
  GENESIS_HASH,
  getAuditHead,
  listAudit,
  listAuditForExport,
  listSealedAudit,
  verifyAuditChain,
} from '@quantdeck/db'
import { type Actor, requireRole, requireScope } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'

export type { AuditEntry }

export interface AuditQuery extends AuditFilter {
  page: number
  perPage: number
}

/** Rows between two turns of the event loop: hashing them takes a few milliseconds. */
const BATCH = 500

/** Everything privileged that was done, recent first. */
export async function listAuditEntries(
  deps: Deps,
  actor: Actor,
  { page, perPage, ...filter }: AuditQuery,
): Promise<{ entries: AuditEntry[]; totalCount: number }> {
  requireRole(actor, 'admin')
  requireScope(actor, 'admin')
  return listAudit(deps.db.kysely, filter, deps.pages.page(actor, 'audit', filter, { page, perPage }))
}

export interface AuditHead {
  sequence: number
  hash: string
  unsealedCount: number
}

/** Up to where the chain goes: kept elsewhere, it proves later that nothing before it was changed. */
export async function getHead(deps: Deps, actor: Actor): Promise<AuditHead> {
  requireRole(actor, 'admin')
  requireScope(actor, 'admin')
  const { sequence, hash } = await getAuditHead(deps.db.kysely)
  const unsealedCount = await countUnsealedAudit(deps.db.kysely)
  return { sequence, hash: sequence === 0 ? GENESIS_HASH : hash, unsealedCount }
}

/** The log in the order of the chain, as lines; at the end what is not sealed yet. Each piece is several lines. */
export function exportAudit(deps: Deps, actor: Actor, filter: AuditFilter): AsyncGenerator<string> {
  requireRole(actor, 'admin')
  requireScope(actor, 'admin')
  return exportLines(deps, actor, filter)
}

async function* exportLines(deps: Deps, actor: Actor, filter: AuditFilter): AsyncGenerator<string> {
  let after = { sealedSeq: 0, seq: 0 }
  try {
    for (;;) {
      const entries = await listAuditForExport(deps.db.kysely, filter, after, BATCH)
      const last = entries.at(-1)
      if (last === undefined) return
      yield entries.map((entry) => `${auditLine(entry)}\n`).join('')
      // Once unsealed rows were shown, the chain that grows over them meanwhile is not shown again.
      const isPastChain = last.sealedSeq === null
      after = { sealedSeq: last.sealedSeq ?? Number.MAX_SAFE_INTEGER, seq: isPastChain ? last.seq : 0 }
    }
  } catch (error) {
    // The status was sent long ago: the cut connection tells the client.
    deps.log.error({ err: error, requestId: actor.requestId }, 'the export of the audit log broke off')
    throw error
  }
}

export interface Verification {
  verdict: ChainVerdict
  sealedCount: number
  unsealedCount: number
  /** Of the last entry that holds. */
  head: { sequence: number; hash: string }
}

/** Recomputes the whole chain. */
export async function verifyAudit(deps: Deps, actor: Actor): Promise<Verification> {
  requireRole(actor, 'admin')
  requireScope(actor, 'admin')
  const { kysely } = deps.db
  const end = await getAuditHead(kysely)
  let head = { sequence: 0, hash: GENESIS_HASH }
  let verdict: ChainVerdict = { ok: true, sealed: 0, unsealed: 0, headHash: GENESIS_HASH }
  while (head.sequence < end.sequence) {
    const entries = await listSealedAudit(kysely, head.sequence, BATCH)
    const upToEnd = entries.filter(({ sealedSeq }) => (sealedSeq ?? 0) <= end.sequence)
    const isLast = upToEnd.length < BATCH || upToEnd.at(-1)?.sealedSeq === end.sequence
    verdict = verifyAuditChain(upToEnd, { after: head, ...(isLast && { head: end }) })
    if (!verdict.ok) break
    head = { sequence: head.sequence + verdict.sealed, hash: verdict.headHash }
  }
  const unsealedCount = await countUnsealedAudit(kysely)
  return { verdict, sealedCount: end.sequence, unsealedCount, head }
}
