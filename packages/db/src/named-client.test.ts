import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LAST_STATEMENT } from './named-client.ts'
import { findSetting, putSetting } from './queries/settings.ts'
import { createTestDatabase, describePostgres, SAMPLE_AT, type TestDatabase } from './testing/index.ts'
import { transaction } from './transaction.ts'

describePostgres('the last statement of a transaction', () => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase('postgres')
  })
  afterAll(() => test?.close())

  const last = (text: string) => sql`${sql.raw(`${LAST_STATEMENT}${text}`)}`
  const insertion = (key: string) =>
    `insert into settings (key, value, updated_at) values ('${key}', 'true', now())`

  it('is committed with what was written before it', async () => {
    await transaction(test.db, async (trx) => {
      await putSetting(trx, 'before', true, SAMPLE_AT)
      await last(insertion('last')).execute(trx)
    })
    expect(await findSetting(test.db.kysely, 'before')).toBe(true)
    expect(await findSetting(test.db.kysely, 'last')).toBe(true)
  })

  it('takes nothing with it where it fails, and leaves a connection that works', async () => {
    for (let round = 0; round < 12; round += 1) {
      const failing = transaction(test.db, async (trx) => {
        await putSetting(trx, 'undone', round, SAMPLE_AT)
        await last(`insert into settings (key) values (null)`).execute(trx)
      })
      await expect(failing).rejects.toThrow('null value')
    }
    expect(await findSetting(test.db.kysely, 'undone')).toBeNull()
  })

  it('is followed by none: that would be outside of the transaction', async () => {
    const late = transaction(test.db, async (trx) => {
      await last(insertion('followed')).execute(trx)
      await putSetting(trx, 'late', true, SAMPLE_AT)
    })
    await expect(late).rejects.toThrow('nothing may follow')
    expect(await findSetting(test.db.kysely, 'late')).toBeNull()
    await transaction(test.db, (trx) => putSetting(trx, 'after', true, SAMPLE_AT))
    expect(await findSetting(test.db.kysely, 'after')).toBe(true)
  })
})
