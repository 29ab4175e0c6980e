import { randomUUID } from 'node:crypto'
import { ensureDefined, systemClock } from '@quantdeck/domain'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyAuditChain } from './audit-chain.ts'
import { openDatabase } from './client.ts'
import {
  appendAudit,
  countUnsealedAudit,
  getAuditHead,
  listSealedAudit,
  type AuditEntry,
} from './queries/audit.ts'
import {
  appendOutbox,
  getOutboxRange,
  listOutboxSince,
  pruneOutbox,
  type SealedMessage,
} from './queries/outbox.ts'
import { startSealer } from './sealer-loop.ts'
import { sealOnce } from './sealer.ts'
import {
  createTestDatabase,
  describeEngines,
  describePostgres,
  SAMPLE_AT,
  sampleAuditEntry,
  type TestDatabase,
} from './testing/index.ts'
import { transaction } from './transaction.ts'

const message = (n: number, push = true) => ({
  topic: 'signals',
  key: 'momentum_v1',
  payload: { n },
  createdAt: SAMPLE_AT,
  push,
})
const numbers = (messages: readonly SealedMessage[]) =>
  messages.map(({ payload }) => (payload as { n: number }).n)

describeEngines('the sealer', (engine) => {
  let test: TestDatabase
  beforeEach(async () => {
    test = await createTestDatabase(engine)
  })
  afterEach(() => test?.close())

  it('numbers messages in the order in which they were written, without gaps, across calls', async () => {
    const { db } = test
    await transaction(db, (trx) => appendOutbox(trx, [message(1), message(2, false)]))
    const first = await sealOnce(db, SAMPLE_AT)
    expect(first.messages.map(({ sequence }) => sequence)).toEqual([1, 2])
    expect(first.messages.map(({ push }) => push)).toEqual([true, false])
    await appendOutbox(db.kysely, [message(3)])
    const second = await sealOnce(db, SAMPLE_AT)
    expect(second.messages.map(({ sequence }) => sequence)).toEqual([3])
    expect((await sealOnce(db, SAMPLE_AT)).messages).toEqual([])
    expect(numbers(await listOutboxSince(db.kysely, 1, { limit: 10 }))).toEqual([2, 3])
    expect(numbers(await listOutboxSince(db.kysely, 0, { limit: 10, pushedOnly: true }))).toEqual([1, 3])
  })

  it('goes on with the numbers after everything old was forgotten', async () => {
    const { db } = test
    await appendOutbox(db.kysely, [message(1), message(2)])
    await sealOnce(db, SAMPLE_AT)
    expect(await pruneOutbox(db.kysely, new Date(SAMPLE_AT.getTime() + 1))).toBe(2)
    expect(await getOutboxRange(db.kysely)).toEqual({ oldest: null, head: 2 })
    await appendOutbox(db.kysely, [message(3)])
    expect((await sealOnce(db, SAMPLE_AT)).messages[0]?.sequence).toBe(3)
  })

  it('chains audit rows so that a changed, lost, moved or cut-off row is found', async () => {
    const { db } = test
    await appendAudit(db.kysely, [sampleAuditEntry(), sampleAuditEntry({ before: { b: 2, a: 1 } })])
    await sealOnce(db, SAMPLE_AT)
    await appendAudit(db.kysely, [sampleAuditEntry({ reason: null })])
    expect(await countUnsealedAudit(db.kysely)).toBe(1)
    await sealOnce(db, SAMPLE_AT)
    const rows = await listSealedAudit(db.kysely, 0, 100)
    const head = await getAuditHead(db.kysely)
    expect(verifyAuditChain(rows, { head })).toEqual({
      ok: true,
      sealed: 3,
      unsealed: 0,
      headHash: head.hash,
    })

    const [one, two, three] = [0, 1, 2].map((index) => ensureDefined(rows[index], 'a sealed row'))
    if (!one || !two || !three) throw new Error('three rows')
    const altered: AuditEntry = { ...two, before: { b: 2, a: 2 } }
    expect(verifyAuditChain([one, altered, three])).toMatchObject({
      ok: false,
      sealedSeq: 2,
      problem: 'altered',
    })
    expect(verifyAuditChain([one, three])).toMatchObject({ ok: false, sealedSeq: 2, problem: 'missing' })
    const swapped = [one, { ...two, sealedSeq: 3 }, { ...three, sealedSeq: 2 }]
    expect(verifyAuditChain(swapped)).toMatchObject({ ok: false, sealedSeq: 2, problem: 'unlinked' })
    expect(verifyAuditChain([one, two], { head })).toMatchObject({
      ok: false,
      sealedSeq: 3,
      problem: 'truncated',
    })
    const after = { sequence: 1, hash: one.hash ?? '' }
    expect(verifyAuditChain([two, three], { after, head })).toMatchObject({ ok: true, sealed: 2 })
  })

  it('finds every single changed field of an audit row', async () => {
    const { db } = test
    await appendAudit(db.kysely, [sampleAuditEntry({ actorId: randomUUID(), before: { x: 1 } })])
    await sealOnce(db, SAMPLE_AT)
    const [row] = await listSealedAudit(db.kysely, 0, 1)
    if (!row) throw new Error('one row')
    for (const field of Object.keys(row) as (keyof AuditEntry)[]) {
      const value = row[field]
      const changed =
        value instanceof Date
          ? new Date(value.getTime() + 1)
          : typeof value === 'number'
            ? value + 1
            : `${JSON.stringify(value)}!`
      expect(verifyAuditChain([{ ...row, [field]: changed }]).ok, field).toBe(false)
    }
  })

  it('refuses to change, delete or truncate audit rows, sealed or not', async () => {
    const { db } = test
    await appendAudit(db.kysely, [sampleAuditEntry()])
    const attempts = [
      `update audit_log set reason = 'other'`,
      `update audit_log set sealed_seq = 1, prev_hash = 'p', hash = 'h', actor_label = 'other'`,
      `delete from audit_log`,
      `truncate audit_log`,
    ]
    for (const attempt of attempts)
      await expect(db.executeSql(attempt), attempt).rejects.toThrow(/append-only/)
    await sealOnce(db, SAMPLE_AT)
    const again = [
      ...attempts,
      `update audit_log set hash = 'x'`,
      `update audit_log set sealed_seq = null, prev_hash = null, hash = null`,
    ]
    for (const attempt of again) await expect(db.executeSql(attempt), attempt).rejects.toThrow(/append-only/)
  })

  it('seals what a wake announces and what was left over before the start', async () => {
    const { db } = test
    await appendOutbox(db.kysely, [message(1)])
    const seen: number[] = []
    const errors: unknown[] = []
    const sealer = await startSealer(db, {
      clock: systemClock,
      intervalMs: 60_000,
      onSealed: (messages) => seen.push(...numbers(messages ?? [])),
      onError: (error) => errors.push(error),
    })
    await sealer.flush()
    await appendOutbox(db.kysely, [message(2)])
    sealer.wake()
    await sealer.flush()
    expect(seen).toEqual([1, 2])
    await sealer.stop()
    expect(errors).toEqual([])
  })
})

describePostgres('the sealer with other writers', () => {
  it('gives a row that commits late the next number and leaves the sealed ones alone', async () => {
    const { db, close } = await createTestDatabase('postgres')
    const second = await openDatabase({ url: db.url ?? '' })
    let commit = () => {}
    const mayCommit = new Promise<void>((resolve) => (commit = resolve))
    let written = () => {}
    const isWritten = new Promise<void>((resolve) => (written = resolve))
    const late = transaction(second, async (trx) => {
      await appendOutbox(trx, [message(1)])
      written()
      await mayCommit
    })
    await isWritten
    await appendOutbox(db.kysely, [message(2)])
    expect(numbers((await sealOnce(db, SAMPLE_AT)).messages)).toEqual([2])
    commit()
    await late
    const { messages } = await sealOnce(db, SAMPLE_AT)
    expect(messages.map(({ sequence }) => sequence)).toEqual([2])
    expect(numbers(await listOutboxSince(db.kysely, 0, { limit: 10 }))).toEqual([2, 1])
    await second.close()
    await close()
  })

  it('makes one gapless stream and one unforked chain of what eight connections write while two seal', async () => {
    const { db, close } = await createTestDatabase('postgres')
    const rival = await openDatabase({ url: db.url ?? '', maxConnections: 2 })
    const streams: Record<'own' | 'rival', SealedMessage[]> = { own: [], rival: [] }
    const errors: unknown[] = []
    const start = (name: 'own' | 'rival', on: typeof db) =>
      startSealer(on, {
        clock: systemClock,
        intervalMs: 5,
        onSealed: (messages) => streams[name].push(...(messages ?? [])),
        onError: (error) => errors.push(error),
      })
    const sealers = await Promise.all([start('own', db), start('rival', rival)])
    const writers = await Promise.all(
      Array.from({ length: 8 }, () => openDatabase({ url: db.url ?? '', maxConnections: 1 })),
    )
    const perWriter = 60
    await Promise.all(
      writers.map(async (writer, w) => {
        for (let n = 0; n < perWriter; n++) {
          await transaction(writer, async (trx) => {
            await appendOutbox(trx, [message(w * 1000 + n)])
            await appendAudit(trx, [sampleAuditEntry({ entityId: String(w * 1000 + n) })])
            if (n % 7 === 0) await sql`select pg_sleep(0.005)`.execute(trx)
          })
        }
      }),
    )
    await Promise.all(sealers.map((sealer) => sealer.flush()))
    await Promise.all(sealers.map((sealer) => sealer.stop()))
    expect(errors).toEqual([])

    const total = 8 * perWriter
    const stored = await listOutboxSince(db.kysely, 0, { limit: 10_000 })
    expect(stored.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: total }, (_, index) => index + 1),
    )
    for (let w = 0; w < 8; w++) {
      const own = numbers(stored).filter((n) => Math.floor(n / 1000) === w)
      expect(own).toEqual(Array.from({ length: perWriter }, (_, n) => w * 1000 + n))
    }
    const told = [...streams.own, ...streams.rival].map(({ sequence }) => sequence).sort((a, b) => a - b)
    expect(told).toEqual(stored.map(({ sequence }) => sequence))
    const chain = await listSealedAudit(db.kysely, 0, 10_000)
    expect(verifyAuditChain(chain, { head: await getAuditHead(db.kysely) })).toMatchObject({
      ok: true,
      sealed: total,
    })
    await Promise.all([...writers, rival].map((each) => each.close()))
    await close()
  })

  it('tells other processes that something was sealed', async () => {
    const { db, close } = await createTestDatabase('postgres')
    const other = await openDatabase({ url: db.url ?? '', maxConnections: 2 })
    let heard = 0
    const listening = await startSealer(other, {
      clock: systemClock,
      intervalMs: 60_000,
      onSealed: () => heard++,
      onError: () => {},
    })
    await expect.poll(() => heard).toBeGreaterThan(0)
    const before = heard
    await appendOutbox(db.kysely, [message(1)])
    await sealOnce(db, SAMPLE_AT)
    await expect.poll(() => heard).toBeGreaterThan(before)
    await listening.stop()
    await other.close()
    await close()
  })
})

describe('the chain of nothing', () => {
  it('is valid', () => {
    expect(verifyAuditChain([])).toMatchObject({ ok: true, sealed: 0 })
  })
})
