import type { Database } from '@quantdeck/db'
import { createTestDatabase, describePostgres } from '@quantdeck/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withinOrWhileSlow } from '../../src/features/controls/slow-database.ts'
import { NotInTime } from '../../src/within.ts'

// An embedded database holds the thread while it works: there is nothing to wait beside it.
describePostgres('work in a database that takes longer than a step of waiting', () => {
  let db: Database
  let close: () => Promise<void>

  beforeAll(async () => {
    ;({ db, close } = await createTestDatabase('postgres'))
  })
  afterAll(() => close())

  const sleep = () => db.executeSql('select pg_sleep(0.4)')

  it('is waited for while the database answers something else meanwhile', async () => {
    await expect(withinOrWhileSlow(db, sleep(), { ms: 100, times: 50 })).resolves.toHaveProperty('rows')
  })

  it('is not waited for any more after so many steps', async () => {
    await expect(withinOrWhileSlow(db, sleep(), { ms: 100, times: 2 })).rejects.toThrow(NotInTime)
  })

  it('is not waited for when the database does not answer', async () => {
    const gone = await createTestDatabase('postgres')
    await gone.close()
    const forever = new Promise<never>(() => {})
    await expect(withinOrWhileSlow(gone.db, forever, { ms: 10, times: 1_000 })).rejects.toThrow(NotInTime)
  })
})
