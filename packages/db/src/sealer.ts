import { ensureDefined } from '@quantdeck/domain'
import { sql } from 'kysely'
import { auditHash, GENESIS_HASH } from './audit-chain.ts'
import type { Database, Trx } from './client.ts'
import { toAuditEntry } from './queries/audit.ts'
import { sealedColumns, toSealedMessage, type SealedMessage } from './queries/outbox.ts'
import { transaction } from './transaction.ts'

export const SEALED_CHANNEL = 'quantdeck_sealed'
const SEALER_LOCK = 7_201_945
const BATCH = 5_000

export interface Sealed {
  /** Newly sealed outbox rows in their order, `push: false` ones included. */
  messages: SealedMessage[]
  auditRows: number
  /** More rows are waiting: seal again at once. */
  isMore: boolean
}

/**
 * Numbers committed outbox rows without gaps and chains committed audit rows, in one transaction.
 *
 * Identities are drawn before a commit, so a row can become visible after rows with higher identities were sealed:
 * it then gets the next number, and what was sealed is never renumbered. Rows that became visible since the last
 * call are ordered by identity, which within one transaction, and between transactions that waited for each other's
 * locks, is the order in which they were written.
 *
 * On Postgres one process at a time seals, whichever comes first.
 * @param now the instant written as `sealedAt`
 */
export async function sealOnce(db: Database, now: Date): Promise<Sealed> {
  return transaction(db, async (trx) => {
    await becomeLeader(trx)
    const messages = await sealOutbox(trx, now)
    const auditRows = await sealAudit(trx)
    const last = messages.at(-1)
    if (db.kind === 'postgres' && last !== undefined) {
      await sql`select pg_notify(${SEALED_CHANNEL}, ${String(last.sequence)})`.execute(trx)
    }
    return { messages, auditRows, isMore: messages.length === BATCH || auditRows === BATCH }
  })
}

/**
 * Waits for another process that seals right now: what was committed after it looked is sealed by us then.
 * The lock ends with the transaction, so a killed leader leaves none behind.
 */
async function becomeLeader(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${SEALER_LOCK})`.execute(trx)
}

async function readHead(trx: Trx, stream: 'outbox' | 'audit') {
  const head = await trx.selectFrom('sealerHeads').selectAll().where('stream', '=', stream).executeTakeFirst()
  return ensureDefined(head, `the sealer's head of ${stream}`)
}

async function sealOutbox(trx: Trx, now: Date): Promise<SealedMessage[]> {
  const head = await readHead(trx, 'outbox')
  const sealed = await trx
    .with('waiting', (cte) =>
      cte
        .selectFrom('outbox')
        .select(['outboxId', sql<number>`row_number() over (order by outbox_id)`.as('place')])
        .where('sequence', 'is', null)
        .orderBy('outboxId')
        .limit(BATCH),
    )
    .updateTable('outbox')
    .from('waiting')
    .set({ sequence: sql<number>`${head.sequence}::bigint + waiting.place`, sealedAt: now })
    .whereRef('outbox.outboxId', '=', 'waiting.outboxId')
    .returning(sealedColumns)
    .execute()
  if (sealed.length === 0) return []
  const messages = sealed.map(toSealedMessage).sort((a, b) => a.sequence - b.sequence)
  await trx
    .updateTable('sealerHeads')
    .set({ sequence: head.sequence + messages.length })
    .where('stream', '=', 'outbox')
    .execute()
  return messages
}

interface Link {
  auditId: string
  sealedSeq: number
  prevHash: string
  hash: string
}

async function sealAudit(trx: Trx): Promise<number> {
  const rows = await trx
    .selectFrom('auditLog')
    .selectAll()
    .where('sealedSeq', 'is', null)
    .orderBy('seq')
    .limit(BATCH)
    .execute()
  if (rows.length === 0) return 0
  const head = await readHead(trx, 'audit')
  let prevHash = head.sequence === 0 ? GENESIS_HASH : head.hash
  const links = rows.map((row, index): Link => {
    const sealedSeq = head.sequence + index + 1
    const link = {
      auditId: row.auditId,
      sealedSeq,
      prevHash,
      hash: auditHash(prevHash, sealedSeq, toAuditEntry(row)),
    }
    prevHash = link.hash
    return link
  })
  await writeLinks(trx, links)
  await trx
    .updateTable('sealerHeads')
    .set({ sequence: head.sequence + links.length, hash: prevHash })
    .where('stream', '=', 'audit')
    .execute()
  return links.length
}

async function writeLinks(trx: Trx, links: readonly Link[]): Promise<void> {
  await sql`update audit_log set sealed_seq = link.sealed_seq, prev_hash = link.prev_hash, hash = link.hash
    from unnest(
      ${links.map(({ auditId }) => auditId)}::uuid[], ${links.map(({ sealedSeq }) => sealedSeq)}::bigint[],
      ${links.map(({ prevHash }) => prevHash)}::text[], ${links.map(({ hash }) => hash)}::text[]
    ) as link (audit_id, sealed_seq, prev_hash, hash)
    where audit_log.audit_id = link.audit_id`.execute(trx)
}
