import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { systemClock } from '@quantdeck/domain'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyAuditChain } from './audit-chain.ts'
import { openDatabase, type Database } from './client.ts'
import { appendAudit, countUnsealedAudit, getAuditHead, listSealedAudit } from './queries/audit.ts'
import { startSealer } from './sealer-loop.ts'
import { administrate, databaseUrl } from './testing/postgres-cluster.ts'
import { createTestDatabase, describePostgres, sampleAuditEntry, type TestDatabase } from './testing/index.ts'
import { migrateToLatest } from './migrate.ts'

/** `pnpm test:soak audit-chain` sets the long form. */
// A test's own configuration; the product's is in env.ts.
// oxlint-disable-next-line no-restricted-properties
const APPENDS = Number(process.env['AUDIT_APPENDS'] ?? 500)
const CONNECTIONS = 8
const SEALER = join(import.meta.dirname, 'testing/sealer-process.ts')
/** The promise to keep: what is written is sealed within a second. Measured where nothing else wants the machine. */
const SEALED_WITHIN_MS = 1_000

describePostgres('the audit log under load', () => {
  let test: TestDatabase
  let writers: Database[]
  const children: ChildProcess[] = []

  beforeEach(async () => {
    test = await createTestDatabase('postgres')
    const url = test.db.url ?? ''
    writers = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => openDatabase({ url, maxConnections: 1 })),
    )
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(writers.map((writer) => writer.close()))
    await test.close()
  })

  async function append(count: number): Promise<void> {
    let next = 0
    await Promise.all(
      writers.map(async (writer) => {
        while (next < count)
          await appendAudit(writer.kysely, [sampleAuditEntry({ entityId: String(next++) })])
      }),
    )
  }

  async function chain() {
    const rows = []
    for (let after = 0; ; after = rows.length) {
      const batch = await listSealedAudit(test.db.kysely, after, 5_000)
      if (batch.length === 0) return rows
      rows.push(...batch)
    }
  }

  async function expectWhole(total: number): Promise<void> {
    expect(await countUnsealedAudit(test.db.kysely)).toBe(0)
    const rows = await chain()
    const head = await getAuditHead(test.db.kysely)
    expect(verifyAuditChain(rows, { head })).toMatchObject({ ok: true, sealed: total, unsealed: 0 })
    expect(new Set(rows.map(({ entityId }) => entityId)).size).toBe(total)
  }

  /** Another process that does nothing but seal. Resolves when it has begun. */
  async function startSealerProcess(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--conditions=@quantdeck/source', SEALER, test.db.url ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    if (child.stdout === null) throw new Error('no output')
    await once(createInterface(child.stdout), 'line')
    return child
  }

  it(`seals ${APPENDS} parallel appends over ${CONNECTIONS} connections into one chain, while two processes seal`, async () => {
    await Promise.all([startSealerProcess(), startSealerProcess()])
    await append(APPENDS)
    const isSealed = async () => (await countUnsealedAudit(test.db.kysely)) === 0
    const writtenMs = performance.now()
    await expect.poll(isSealed, { timeout: 30_000, interval: 20 }).toBe(true)
    const lagMs = performance.now() - writtenMs
    console.log(`audit: ${APPENDS} appends sealed, the last ${Math.round(lagMs)} ms after the last append`)
    if (APPENDS > 5_000) expect(lagMs).toBeLessThan(SEALED_WITHIN_MS)
    await expectWhole(APPENDS)
  }, 300_000)

  it('goes on with the chain after the sealer was killed, again and again, while others write', async () => {
    const kills = APPENDS > 5_000 ? 10 : 3
    const total = Math.min(APPENDS, 2_000)
    let isWritten = false
    const writing = append(total).finally(() => (isWritten = true))
    for (let n = 0; n < kills; n++) {
      const child = await startSealerProcess()
      await new Promise((resolve) => setTimeout(resolve, 30 + n * 17))
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await writing
    expect(isWritten).toBe(true)
    const sealer = await startSealer(test.db, {
      clock: systemClock,
      intervalMs: 50,
      onSealed: () => {},
      onError: () => {},
    })
    await sealer.flush()
    await sealer.stop()
    await expectWhole(total)
  }, 300_000)
})

describePostgres('the grants of the audit log', () => {
  it('let even the owner of the tables only append and seal, before any trigger is asked', async () => {
    const test = await createTestDatabase('postgres')
    const url = test.db.url ?? ''
    const name = new URL(url).pathname.slice(1)
    const role = `app_${name}`
    const own = `${name}_own`
    await administrate(url, `create role ${role} login password 'app'`)
    await administrate(url, `create database ${own} owner ${role}`)
    const ownUrl = new URL(databaseUrl(url, own))
    ownUrl.username = role
    ownUrl.password = 'app'
    const db = await openDatabase({ url: ownUrl.href, maxConnections: 2 })
    try {
      await migrateToLatest(db)
      await appendAudit(db.kysely, [sampleAuditEntry()])
      const attempts = [
        `update audit_log set reason = 'other'`,
        `update audit_log set actor_label = 'other' where false`,
        'delete from audit_log where false',
        'truncate audit_log',
      ]
      for (const attempt of attempts) {
        await expect(db.executeSql(attempt), attempt).rejects.toThrow(/permission denied/)
      }
      const sealer = await startSealer(db, {
        clock: systemClock,
        intervalMs: 1_000,
        onSealed: () => {},
        onError: (error) => {
          throw error
        },
      })
      await sealer.flush()
      await sealer.stop()
      expect((await getAuditHead(db.kysely)).sequence).toBe(1)
    } finally {
      await db.close()
      await administrate(url, `drop database ${own} with (force)`)
      await administrate(url, `drop role ${role}`)
      await test.close()
    }
  })
})
