import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openDatabase, type Database } from './client.ts'
import { transaction } from './transaction.ts'

describe('the embedded database', () => {
  let db: Database
  beforeAll(async () => {
    db = await openDatabase({ memory: true })
  })
  afterAll(() => db.close())

  it('lets timers and sockets have their turn within a long transaction', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const startedAt = performance.now()
    await transaction(db, async (trx) => {
      for (let i = 0; i < 40; i++) await sql`select count(*) from generate_series(1, 60000)`.execute(trx)
    })
    clearInterval(timer)
    const elapsed = performance.now() - startedAt
    expect(elapsed).toBeGreaterThan(150)
    expect(turns).toBeGreaterThanOrEqual(2)
  })
})
