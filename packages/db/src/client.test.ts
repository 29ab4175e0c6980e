import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from './client.ts'
import { migrateToLatest } from './migrate.ts'
import { putSetting, findSetting } from './queries/settings.ts'
import {
  createTestDatabase,
  describeEngines,
  describePostgres,
  SAMPLE_AT,
  type TestDatabase,
} from './testing/index.ts'
import { executeSqlIn, transaction } from './transaction.ts'

describeEngines('the database', (engine) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase(engine)
  })
  afterAll(() => test?.close())

  it('has nothing left to migrate the second time', async () => {
    expect(await migrateToLatest(test.db)).toEqual([])
  })

  it('writes all of a transaction or nothing', async () => {
    await expect(
      transaction(test.db, async (trx) => {
        await putSetting(trx, 'half', true, SAMPLE_AT)
        throw new Error('after the first write')
      }),
    ).rejects.toThrow('after the first write')
    expect(await findSetting(test.db.kysely, 'half')).toBeNull()
  })

  it('refuses the database inside a transaction instead of waiting for ever', async () => {
    await expect(transaction(test.db, () => test.db.executeSql('select 1'))).rejects.toThrow('must use')
    await expect(transaction(test.db, () => findSetting(test.db.kysely, 'any'))).rejects.toThrow(
      'must use the transaction',
    )
    await expect(transaction(test.db, () => transaction(test.db, async () => {}))).rejects.toThrow(
      'do not nest',
    )
    expect(await findSetting(test.db.kysely, 'any')).toBeNull()
  })

  it('lets work that a transaction started use the database once it is over', async () => {
    let later: Promise<unknown> = Promise.resolve()
    let open = () => {}
    const over = new Promise<void>((resolve) => (open = resolve))
    await transaction(test.db, async () => {
      later = over.then(() => findSetting(test.db.kysely, 'any'))
    })
    open()
    expect(await later).toBeNull()
  })

  it('keeps the keys of stored JSON as they are', async () => {
    await putSetting(test.db.kysely, 'json', { snake_key: { camelKey: [1] } }, SAMPLE_AT)
    expect(await findSetting(test.db.kysely, 'json')).toEqual({ snake_key: { camelKey: [1] } })
    await putSetting(test.db.kysely, 'array', ['a', { b: null }], SAMPLE_AT)
    expect(await findSetting(test.db.kysely, 'array')).toEqual(['a', { b: null }])
  })

  it('takes the two shapes of statements that pg-boss sends', async () => {
    await test.db.executeSql(
      'create table if not exists jobs_of_test (id int); insert into jobs_of_test values (1)',
    )
    const { rows } = await test.db.executeSql('select id as "jobId" from jobs_of_test where id = $1', [1])
    expect(rows).toEqual([{ jobId: 1 }])
    await transaction(test.db, async (trx) => {
      expect((await executeSqlIn(trx, 'select id as snake_id from jobs_of_test')).rows).toEqual([
        { snake_id: 1 },
      ])
    })
  })
})

describePostgres('the connection pool', () => {
  it('ends a statement that takes too long', async () => {
    const { db, close } = await createTestDatabase('postgres')
    const { rows } = await sql<{
      statementTimeout: string
    }>`select current_setting('statement_timeout') as statement_timeout`.execute(db.kysely)
    expect(rows[0]?.statementTimeout).toBe('10s')
    await close()
  })

  it('survives the loss of its connections', async () => {
    const { db, close } = await createTestDatabase('postgres')
    await sql`select 1`.execute(db.kysely)
    const other = await openDatabase({ url: db.url ?? '' })
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
      other.kysely,
    )
    await other.close()
    const answers = () =>
      findSetting(db.kysely, 'any').then(
        () => true,
        () => false,
      )
    await expect.poll(answers).toBe(true)
    await close()
  })

  it('migrates once when several processes start at the same time', async () => {
    const { db, close } = await createTestDatabase('postgres')
    await sql`drop schema public cascade`.execute(db.kysely)
    await sql`create schema public`.execute(db.kysely)
    const others = await Promise.all([1, 2, 3].map(() => openDatabase({ url: db.url ?? '' })))
    const applied = await Promise.all(others.map((other) => migrateToLatest(other)))
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    await Promise.all(others.map((other) => other.close()))
    await close()
  })
})

describe('the embedded database in a directory', () => {
  it('keeps what was written and refuses a second opener', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'quantdeck-db-'))
    const dataDir = join(parent, 'main')
    const first = await openDatabase({ dataDir })
    await migrateToLatest(first)
    await putSetting(first.kysely, 'kept', 'yes', SAMPLE_AT)
    await expect(openDatabase({ dataDir })).rejects.toThrow('is in use by process')
    await first.close()
    const second = await openDatabase({ dataDir })
    expect(await findSetting(second.kysely, 'kept')).toBe('yes')
    await second.close()
    rmSync(parent, { recursive: true, force: true })
  })
})
