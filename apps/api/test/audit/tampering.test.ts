import { appendAudit, auditLine, listAuditForExport, sealOnce, type AuditEntry } from '@quantdeck/db'
import { createTestDatabase, SAMPLE_AT, sampleAuditEntry } from '@quantdeck/db/testing'
import { ensureDefined } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ChainReport, TrustedHead } from '../../../cli/src/audit/verify-chain.ts'
import { verifyExport } from '../../../cli/src/audit/verify-export.ts'
import { picker, tamper, WAYS } from './tampering.ts'

/** `pnpm test:soak audit` sets the long form. */
const TAMPERINGS = Number(process.env['AUDIT_TAMPERINGS'] ?? 100)
const ENTRIES = Number(process.env['AUDIT_ENTRIES'] ?? 40)
const SEED = Number(process.env['AUDIT_SEED'] ?? 20260107)

/** What has made serialisers disagree before. */
const ODD = ['ñ', '\u2028', '"hash":"', '\\', '\n', '😀', '{"entry":{}', '  ']

describe(`an exported audit log (AUDIT_SEED=${SEED})`, () => {
  let lines: string[]
  let head: TrustedHead

  beforeAll(async () => {
    const { db, close } = await createTestDatabase('pglite')
    const entries = Array.from({ length: ENTRIES }, (_, n) =>
      sampleAuditEntry({
        reason: n % 5 === 0 ? null : `${ODD[n % ODD.length]} ${n}`,
        before: n % 3 === 0 ? null : { b: n, a: [1.5, { z: ODD[n % ODD.length] ?? '', y: null }] },
        after: { [ODD[(n + 1) % ODD.length] ?? '']: String(n) },
      }),
    )
    await appendAudit(db.kysely, entries)
    await sealOnce(db, SAMPLE_AT)
    const rows: AuditEntry[] = await listAuditForExport(db.kysely, {}, { sealedSeq: 0, seq: 0 }, ENTRIES + 1)
    lines = rows.map(auditLine)
    const last = ensureDefined(rows.at(-1), 'a last row')
    head = { hash: last.hash ?? '', sequence: last.sealedSeq ?? 0 }
    await close()
  })
  afterAll(() => console.log(`audit: ${TAMPERINGS} tamperings of ${ENTRIES} entries, seed ${SEED}`))

  const fileOf = (kept: readonly string[]) => Buffer.from(kept.map((line) => `${line}\n`).join(''))

  /** In pieces, as a file comes. */
  function check(file: Buffer, trusted: TrustedHead | null = head): Promise<ChainReport> {
    async function* pieces() {
      for (let at = 0; at < file.length; at += 1_000) yield file.subarray(at, at + 1_000)
    }
    return verifyExport(pieces(), trusted)
  }

  it('holds as it was exported', async () => {
    const report = { sealedCount: ENTRIES, unsealedCount: 0, head, unprovenCount: 0 }
    expect(await check(fileOf(lines))).toEqual(report)
  })

  it(`does not hold after any of ${TAMPERINGS} random tamperings`, async () => {
    const pick = picker(SEED)
    const kinds = new Set<string>()
    for (let n = 0; n < TAMPERINGS; n++) {
      const { kind, file } = tamper(lines, pick)
      kinds.add(kind)
      if (file.equals(fileOf(lines))) throw new Error(`${kind} changed nothing`)
      await expect(check(file), `${kind}, number ${n}`).rejects.toThrow(/line \d+: /)
    }
    expect([...kinds].sort()).toEqual(Object.keys(WAYS).sort())
  }, 600_000)

  it('shows a chain that was written anew only to whoever kept a head', async () => {
    const file = ensureDefined(WAYS['rewrite'], 'a way')(lines, picker(1))
    expect((await check(file, null)).sealedCount).toBe(ENTRIES)
    await expect(check(file)).rejects.toThrow('is not the trusted head')
  })

  it('is proven up to an earlier head, and says what came later', async () => {
    const early = lines.slice(0, 10)
    const report = await check(fileOf(early), null)
    expect(await check(fileOf(lines), report.head)).toMatchObject({ unprovenCount: ENTRIES - 10 })
    await expect(check(fileOf(early))).rejects.toThrow('before the trusted head')
  })

  it('tells how many entries at its end are not sealed yet', async () => {
    const { db, close } = await createTestDatabase('pglite')
    await appendAudit(db.kysely, [sampleAuditEntry(), sampleAuditEntry()])
    await sealOnce(db, SAMPLE_AT)
    await appendAudit(db.kysely, [sampleAuditEntry(), sampleAuditEntry(), sampleAuditEntry()])
    const rows = await listAuditForExport(db.kysely, {}, { sealedSeq: 0, seq: 0 }, 100)
    expect(await check(fileOf(rows.map(auditLine)), null)).toMatchObject({ sealedCount: 2, unsealedCount: 3 })
    await close()
  })
})
