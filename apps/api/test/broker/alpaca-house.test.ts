import { listAccounts, type Database } from '@quantdeck/db'
import { createTestDatabase, type TestDatabase } from '@quantdeck/db/testing'
import { systemClock } from '@quantdeck/domain'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openAlpaca } from '../../src/alpaca.ts'
import { ensureAccounts } from '../../src/desk/assemble.ts'
import { EnvError, parseEnv } from '../../src/env.ts'
import { createLogger } from '../../src/log.ts'
import { KEY_ID, LocalAlpaca, SECRET_KEY } from './local-alpaca/server.ts'

let server: LocalAlpaca
let test: TestDatabase
let logLines: string[]
beforeAll(async () => {
  test = await createTestDatabase('pglite')
})
afterAll(() => test.close())
beforeEach(async () => {
  server = new LocalAlpaca({ cash: '54321.5', symbols: ['AAPL'] })
  await server.start()
  await test.db.executeSql('update accounts set initial_capital = 0')
  logLines = []
})
afterEach(() => server.stop())

/** A database that says of itself that it is Postgres and whether it fsyncs; everything else is the one of the test. */
function claiming(kind: Database['kind'], fsync: string): Database {
  return {
    ...test.db,
    kind,
    executeSql: async (text, values) =>
      text === 'show fsync' ? { rows: [{ fsync }], rowCount: 1 } : test.db.executeSql(text, values),
  }
}

function core(over: Record<string, string> = {}, db: Database = test.db) {
  const env = parseEnv({
    BROKER: 'alpaca',
    ALPACA_KEY_ID: KEY_ID,
    ALPACA_SECRET_KEY: SECRET_KEY,
    ALPACA_BASE_URL: server.url,
    ...over,
  })
  const log = createLogger('debug', { write: (line: string) => void logLines.push(line) })
  return { db, env, log, clock: systemClock }
}

async function liveCapital(): Promise<string | undefined> {
  const accounts = await listAccounts(test.db.kysely)
  return accounts.find(({ mode }) => mode === 'LIVE')?.initialCapital.toFixed()
}

describe('a live account', () => {
  it('starts with what the broker reports, and keeps it when the equity moves', async () => {
    const durable = core({ ALPACA_ACCOUNT: 'live' }, claiming('postgres', 'on'))
    await ensureAccounts(durable, systemClock.now())
    const house = await openAlpaca(durable)
    await house?.fundAccount(test.db)
    expect(await liveCapital()).toBe('54321.5')
    server.exchange.price('AAPL', 100)
    server.exchange.place({ symbol: 'AAPL', qty: '10', side: 'buy', type: 'market', time_in_force: 'day' })
    await expect.poll(() => server.exchange.portfolio.positions.size).toBe(1)
    server.exchange.price('AAPL', 200)
    await (await openAlpaca(durable))?.fundAccount(test.db)
    expect(await liveCapital()).toBe('54321.5')
  })

  it.each([
    ['pglite', 'on'],
    ['postgres', 'off'],
  ] as const)('is not opened over %s with fsync %s', async (kind, fsync) => {
    const refused = openAlpaca(core({ ALPACA_ACCOUNT: 'live' }, claiming(kind, fsync)))
    await expect(refused).rejects.toThrow(
      new EnvError('A live account at Alpaca needs Postgres with fsync on: set DATABASE_URL.'),
    )
    expect(server.requests).toEqual([])
  })

  it('is not what a paper account funds', async () => {
    const paper = core()
    await ensureAccounts(paper, systemClock.now())
    await (await openAlpaca(paper))?.fundAccount(test.db)
    expect(await liveCapital()).toBe('0')
  })
})

describe('opening Alpaca', () => {
  it('is left to those who asked for it', async () => {
    expect(await openAlpaca(core({ BROKER: 'simulated' }))).toBeNull()
    expect(server.requests).toEqual([])
  })

  it('with refused keys is one sentence without them, in the log as well', async () => {
    const refused = openAlpaca(core({ ALPACA_SECRET_KEY: 'not the secret key' }))
    await expect(refused).rejects.toThrow(
      /^127\.0\.0\.1:\d+ refuses ALPACA_KEY_ID and ALPACA_SECRET_KEY: .*\.$/,
    )
    expect(logLines.join('')).not.toMatch(/not the secret key|PKTEST/)
  })

  it('that does not answer goes on without it, and logs no key', async () => {
    await server.stop()
    const house = await openAlpaca(core())
    expect(house?.broker.status().connected).toBe(false)
    expect(logLines.join('')).toContain('Alpaca cannot be reached')
    expect(logLines.join('')).not.toMatch(new RegExp(`${KEY_ID}|${SECRET_KEY}`))
    await server.start()
  })
})
