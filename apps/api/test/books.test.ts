import {
  insertFills,
  insertInstrument,
  insertOrders,
  insertStrategy,
  migrateToLatest,
  openDatabase,
  upsertPositions,
  type Database,
} from '@quantdeck/db'
import {
  createTestDatabase,
  describeEngines,
  describePostgres,
  sampleFill,
  sampleOrder,
} from '@quantdeck/db/testing'
import { applyFill, Decimal, ensureDefined } from '@quantdeck/domain'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { anonymousActor, type Actor } from '../src/auth/actor.ts'
import { ensureAccounts } from '../src/desk/assemble.ts'
import { recordEquity } from '../src/desk/risk-fold.ts'
import { rebuildBooks } from '../src/features/books/operations.ts'
import { later, post, price } from './desk/acts.ts'
import { ACME, ADMIN, type DeskHouse, NOON, openDeskHouse, strategy } from './desk/house.ts'

const lines = async (db: Database): Promise<string[]> =>
  (await rebuildBooks({ db }, ADMIN)).differences.map(
    ({ what, where, field, stored, derived }) => `${what} ${where} ${field}: ${stored} not ${derived}`,
  )

/** Long, closed, reversed, in USD and in COP, by two strategies; one position stays open. */
async function trade(house: DeskHouse): Promise<void> {
  await house.reset(strategy(), strategy({ strategyId: 'ben_v1' }))
  const cop = { strategyId: 'ben_v1', symbol: 'USD/COP', size: 0.15 }
  await price(house, 'ACME', 100)
  await price(house, 'USD/COP', 4000)
  await post(house, 'LONG', { size: 0.15 })
  await post(house, 'LONG', cop)
  await later(house, 5, 'ACME', 104)
  await post(house, 'CLOSE')
  await later(house, 5, 'USD/COP', 4010.5)
  await post(house, 'SHORT', cop)
  await later(house, 5, 'USD/COP', 4005)
  await post(house, 'CLOSE', cop)
  await later(house, 5, 'ACME', 103)
  await post(house, 'SHORT', { size: 0.1 })
  await later(house, 5, 'ACME', 101)
  await house.desk.run('PAPER', (ctx) => recordEquity(ctx, new Set(['ACME', 'USD/COP'])))
}

const TABLES = ['orders', 'fills', 'positions', 'equity_points']

describeEngines('the books, derived again from the fills', (engine) => {
  let house: DeskHouse
  beforeAll(async () => {
    house = await openDeskHouse(engine)
    await trade(house)
    for (const table of TABLES) await house.db.executeSql(`create table saved_${table} as table ${table}`)
  })
  afterAll(() => house?.close())
  // What a test changed behind the desk is put back: trading again takes longer.
  afterEach(async () => {
    await house.db.executeSql(`truncate ${TABLES.join(', ')}`)
    for (const table of TABLES) {
      await house.db.executeSql(`insert into ${table} overriding system value table saved_${table}`)
    }
  })

  it('differ in nothing from what the desk keeps, and add up to its account', async () => {
    const { counts, accounts, differences } = await rebuildBooks({ db: house.db }, ADMIN)
    expect(differences).toEqual([])
    expect(counts).toMatchObject({ fills: 7, positions: 4, equityPoints: 3 })
    const [account, ...strategies] = accounts.filter(({ mode }) => mode === 'PAPER')
    const desk = await house.desk.read('PAPER', (books) => ({
      realized: [...books.strategies.values()].reduce(
        (sum, one) => sum.plus(one.realizedUsd),
        new Decimal(0),
      ),
    }))
    expect(account?.realizedPnl.toFixed()).toBe(desk.realized.toFixed())
    expect([account?.trades, account?.openPositions]).toEqual([3, 1])
    expect(strategies.map(({ strategyId }) => strategyId)).toEqual(['ana_v1', 'ben_v1'])
    expect(account?.equity.toFixed()).toBe(
      strategies.reduce((sum, one) => sum.plus(one.equity), new Decimal(40_000)).toFixed(),
    )
    const { rows } = await house.db.executeSql('select sum(abs(cost_usd))::text as cost from positions')
    const held = new Decimal(String(rows[0]?.['cost']))
    expect(held.gt(2000)).toBe(true)
    expect(account?.cash.plus(held).plus(account.unrealizedPnl).toFixed()).toBe(account?.equity.toFixed())
  })

  it.each([
    [
      `update positions set realized_usd = realized_usd + 0.00000001 where closed_at is not null and symbol = 'ACME'`,
      ['position PAPER ana_v1 ACME realizedUsd'],
    ],
    [`update positions set stop_loss = 1`, []],
    [
      `update positions set cost_basis = cost_basis - 1 where closed_at is null`,
      ['position PAPER ana_v1 ACME costBasis', 'sum PAPER ana_v1 ACME realizedQuote - costBasis'],
    ],
    [
      `delete from positions where closed_at is null`,
      [
        'position PAPER ana_v1 ACME position',
        'sum PAPER ana_v1 ACME quantity',
        'sum PAPER ana_v1 ACME feesUsd',
        'sum PAPER ana_v1 ACME realizedQuote - costBasis',
      ],
    ],
    [
      `update orders set fees = 0 where order_id = (select order_id from fills where symbol = 'USD/COP' order by seq limit 1)`,
      ['order PAPER ben_v1 USD/COP fees'],
    ],
    [
      `update equity_points set realized_pnl = realized_pnl + 1, equity = equity + 1 where scope = 'account:PAPER'`,
      ['equity account:PAPER realizedPnl'],
    ],
    [
      `update equity_points set equity = equity + 1 where scope = 'strategy:ana_v1:PAPER'`,
      ['equity strategy:ana_v1:PAPER equity'],
    ],
  ])('show what was changed behind the desk: %s', async (statement, found) => {
    await house.db.executeSql(statement)
    expect(
      (await lines(house.db)).map((line) => line.replace(/:(?!.*: ).*$/, '').replace(/: .*$/, '')),
    ).toEqual(found)
  })

  it('show a fill that is gone', async () => {
    await house.db.executeSql(`delete from fills where seq = (select max(seq) from fills)`)
    const found = await lines(house.db)
    expect(found.some((line) => line.startsWith('position PAPER ana_v1 ACME position: SELL opened'))).toBe(
      true,
    )
    expect(found.some((line) => line.startsWith('order PAPER ana_v1 ACME filledQuantity'))).toBe(true)
  })

  it('are not shown to a trader', async () => {
    const trader: Actor = { ...anonymousActor('req', null), kind: 'user', role: 'trader' }
    await expect(rebuildBooks({ db: house.db }, trader)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

const MAIN = join(import.meta.dirname, '../src/main.ts')

/** The server's own program, as `quantdeck books rebuild` starts it. */
async function command(env: Record<string, string>, ...args: string[]) {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const options = { env: { PATH, NODE_COMPILE_CACHE, ...env } }
  const all = ['--conditions=@quantdeck/source', MAIN, 'books-rebuild', ...args]
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, all, options, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })
}

describe('books-rebuild on an embedded database', { timeout: 90_000 }, () => {
  let dataDir: string
  let db: Database
  const folder = () => join(dataDir, 'main')
  const env = () => ({ DATA_DIR: dataDir, DEMO: 'off' })
  const change = async (statement: string) => {
    const opened = await openDatabase({ dataDir: folder() })
    await opened.executeSql(statement)
    await opened.close()
  }
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-books-'))
    db = await openDatabase({ dataDir: folder() })
    await migrateToLatest(db)
    await seedBooks(db)
  })
  afterAll(async () => {
    await db?.close()
    rmSync(dataDir, { recursive: true })
  })

  it('says in one sentence who holds the database', async () => {
    const { code, out, err } = await command(env())
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(`in use by process ${process.pid}`)
    expect(err.trim().split('\n')).toHaveLength(1)
    await db.close()
  })

  it('prints the derived books and ends with 0 when nothing differs', async () => {
    const { code, out, err } = await command(env())
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^Derived from 1 fills, 1 orders, 1 positions, 0 equity points/)
    expect(out).toMatch(/PAPER account +0 +1 +-1\.00 +1\.00/)
    expect(out).toContain('Nothing differs')
  })

  it('shows a tampered position and ends with 1, and leaves it as it is', async () => {
    await change('update positions set cost_usd = cost_usd + 0.5')
    const shown = await command(env())
    expect(shown.code).toBe(1)
    expect(shown.out).toMatch(/position +PAPER ana_v1 ACME +[0-9a-f-]{36} +costUsd +1000\.5 +1000\n/)
    const { code, out } = await command(env(), '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      counts: { fills: 1 },
      differences: [{ what: 'position', field: 'costUsd', stored: '1000.5', derived: '1000' }],
    })
  })

  it('says in one sentence that there is no database, or only one of an older version', async () => {
    await change('delete from kysely_migration')
    expect((await command(env())).err).toMatch(/^quantdeck: the database is of an older version: .*\n$/)
    const none = await command({ DATA_DIR: join(dataDir, 'elsewhere'), DEMO: 'off' })
    expect(none.err).toMatch(/^quantdeck: there is no database in .*elsewhere.*: start the server once.*\n$/)
    expect(none.code).toBe(1)
  })
})

/** One strategy that bought 10 at 100 for a fee of 1. */
async function seedBooks(db: Database): Promise<void> {
  await ensureAccounts({ db, env: { initialCapital: '100000' } as never }, NOON)
  await insertInstrument(db.kysely, ACME)
  await insertStrategy(db.kysely, strategy())
  const order = sampleOrder({
    ...{ strategyId: 'ana_v1', symbol: 'ACME', quantity: new Decimal(10), filledQuantity: new Decimal(10) },
    ...{ averageFillPrice: new Decimal(100), fees: new Decimal(1) },
  })
  const fill = sampleFill(order.orderId ?? '', {
    ...{ strategyId: 'ana_v1', symbol: 'ACME', quantity: new Decimal(10) },
    ...{ price: new Decimal(100), fee: new Decimal(1) },
  })
  const { position } = applyFill(null, fill, ACME, { positionId: randomUUID(), seq: 0 })
  await insertOrders(db.kysely, [order])
  await insertFills(db.kysely, [fill])
  await upsertPositions(db.kysely, [ensureDefined(position, 'a position')])
}

describePostgres('books-rebuild on Postgres', () => {
  it('opens DATABASE_URL without anything else to configure, beside a running server', async () => {
    const test = await createTestDatabase('postgres')
    try {
      await seedBooks(test.db)
      const { code, out, err } = await command({ DATABASE_URL: test.db.url ?? '' })
      expect(err).toBe('')
      expect(out).toMatch(/of Postgres\n/)
      expect(code).toBe(0)
    } finally {
      await test.close()
    }
  })
})
