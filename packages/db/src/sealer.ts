import { type RawBuilder, type Selectable, sql } from 'kysely'
import { auditHash, GENESIS_HASH } from './audit-chain.ts'
import type { Database, Trx } from './client.ts'
import { LAST_STATEMENT } from './named-client.ts'
import { toAuditEntry } from './queries/audit.ts'
import { type SealedMessage, type SealedRow, toSealedMessage } from './queries/outbox.ts'
import type { AuditLogTable } from './schema/audit-log.ts'
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
 * @param origin told with the notification, so that who sealed knows its own
 */
export async function sealOnce(db: Database, now: Date, origin = ''): Promise<Sealed> {
  return transaction(db, async (trx) => {
    await becomeLeader(trx)
    const messages = await sealOutbox(trx, now)
    const last = messages.at(-1)
    const notice =
      db.kind === 'postgres' && last !== undefined
        ? sql`pg_notify(${SEALED_CHANNEL}, ${`${last.sequence} ${origin}`})`
        : null
    const auditRows = await sealAudit(trx, notice)
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

/** The numbers, and where they have come to, in one statement: it sees what was committed before the lock was held. */
async function sealOutbox(trx: Trx, now: Date): Promise<SealedMessage[]> {
  const { rows } = await sql<SealedRow>`with waiting as (
      select outbox_id, row_number() over (order by outbox_id) as place
      from outbox where sequence is null order by outbox_id limit ${BATCH}
    ), sealed as (
      update outbox set sequence = head.sequence + waiting.place, sealed_at = ${now}
      from waiting, sealer_heads head
      where outbox.outbox_id = waiting.outbox_id and head.stream = 'outbox'
      returning topic, key, payload, created_at, push, outbox.sequence, sealed_at
    ), moved as (
      update sealer_heads set sequence = sequence + (select count(*) from sealed)
      where stream = 'outbox' and exists (select from sealed)
    )
    select * from sealed order by sequence`.execute(trx)
  return rows.map(toSealedMessage)
}

type UnsealedRow = Selectable<AuditLogTable> & { headSequence: number; headHash: string }

interface Link {
  auditId: string
  sealedSeq: number
  prevHash: string
  hash: string
}

/** @param notice said with the last statement, which takes the commit along */
async function sealAudit(trx: Trx, notice: RawBuilder<unknown> | null): Promise<number> {
  const { rows } =
    await sql<UnsealedRow>`select audit_log.*, head.sequence as head_sequence, head.hash as head_hash
    from audit_log join sealer_heads head on head.stream = 'audit'
    where sealed_seq is null order by seq limit ${BATCH}`.execute(trx)
  const [first] = rows
  if (first === undefined) {
    if (notice !== null) await sql`${sql.raw(LAST_STATEMENT)}select ${notice}`.execute(trx)
    return 0
  }
  let prevHash = first.headSequence === 0 ? GENESIS_HASH : first.headHash
  const links = rows.map((row, index): Link => {
    const sealedSeq = row.headSequence + index + 1
    const link = {
      auditId: row.auditId,
      sealedSeq,
      prevHash,
      hash: auditHash(prevHash, sealedSeq, toAuditEntry(row)),
    }
    prevHash = link.hash
    return link
  })
  await writeLinks(trx, links, { sequence: first.headSequence + links.length, hash: prevHash, notice })
  return links.length
}

async function writeLinks(
  trx: Trx,
  links: readonly Link[],
  { sequence, hash, notice }: { sequence: number; hash: string; notice: RawBuilder<unknown> | null },
): Promise<void> {
  await sql`${sql.raw(LAST_STATEMENT)}with linked as (${linking(links)})
    update sealer_heads set sequence = ${sequence}, hash = ${hash} where stream = 'audit'
    ${notice === null ? sql`` : sql`returning ${notice}`}`.execute(trx)
}

function linking(links: readonly Link[]): RawBuilder<unknown> {
  return sql`update audit_log set sealed_seq = link.sealed_seq, prev_hash = link.prev_hash, hash = link.hash
    from unnest(
      ${links.map(({ auditId }) => auditId)}::uuid[], ${links.map(({ sealedSeq }) => sealedSeq)}::bigint[],
      ${links.map(({ prevHash }) => prevHash)}::text[], ${links.map(({ hash }) => hash)}::text[]
    ) as link (audit_id, sealed_seq, prev_hash, hash)
    where audit_log.audit_id = link.audit_id`
}
