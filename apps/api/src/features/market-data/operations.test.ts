import { findBarImport, listAudit, listQuarantinedBars, listMarks, listAlerts } from '@quantdeck/db'
import { createTestDatabase, describeEngines, type TestDatabase } from '@quantdeck/db/testing'
import { type Bar, DAY_MS, Decimal, VirtualClock } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Actor, anonymousActor } from '../../auth/actor.ts'
import { PageWalks } from '../../pages/page-walks.ts'
import type { IncomingBar } from './judge-bars.ts'
import { createInstrument, listBars, listInstruments, listQuarantine } from './operations.ts'
import { postBars, type PostBarsInput } from './operations-post-bars.ts'

const START = Date.UTC(2025, 0, 1)
const NOW = new Date(START + 400 * DAY_MS)
const TRADER: Actor = {
  ...anonymousActor('req-1', '127.0.0.1'),
  kind: 'user',
  label: 'ana@example.com',
  role: 'trader',
}
const VIEWER: Actor = { ...TRADER, role: 'viewer' }

/** Bars of consecutive days at these prices. */
function bars(firstDay: number, ...prices: string[]): IncomingBar[] {
  return prices.map((price, index) => {
    const at = new Decimal(price)
    const openedAt = new Date(START + (firstDay + index) * DAY_MS)
    return {
      index,
      line: index + 2,
      openedAt,
      open: at,
      high: at,
      low: at,
      close: at,
      volume: new Decimal(7),
    }
  })
}

describeEngines('market data operations', (engine) => {
  let test: TestDatabase
  let symbol = 'S0'
  let received: Bar[] = []

  beforeAll(async () => {
    test = await createTestDatabase(engine)
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    symbol = `S${Number(symbol.slice(1)) + 1}`
    received = []
    await createInstrument(deps(), TRADER, instrument())
  })

  function deps() {
    const sink = {
      onBars: async (news: readonly Bar[]) => {
        received.push(...news)
      },
    }
    const clock = new VirtualClock(NOW)
    return { db: test.db, clock, bars: sink, pages: new PageWalks(clock) }
  }

  function instrument() {
    return {
      symbol,
      contractType: 'STOCK' as const,
      currency: 'USD',
      tickSize: new Decimal('0.01'),
      lotSize: new Decimal(1),
      minQuantity: null,
      maxQuantity: null,
      multiplier: new Decimal(1),
      calendar: null,
      barIntervalSeconds: 86_400,
      source: null,
    }
  }

  function post(input: Partial<PostBarsInput>, actor = TRADER) {
    const defaults = {
      intervalSeconds: null,
      bars: [],
      rejected: [],
      fileName: null,
      importId: null,
      isDryRun: false,
    }
    return postBars(deps(), actor, { symbol, ...defaults, ...input })
  }

  async function stored() {
    const query = { symbol, intervalSeconds: null, from: null, to: null, limit: 5000 }
    return (await listBars(deps(), VIEWER, query)).bars.map((bar) => bar.close.toFixed())
  }

  it('stores what makes sense, quarantines what does not, and counts every row', async () => {
    const rejected = [{ line: 9, text: 'x,y', reason: 'WRONG_COLUMN_COUNT', detail: '2 cells instead of 6' }]
    const posted = await post({
      bars: bars(0, '100', '-1', '101', '250', '102'),
      rejected,
      fileName: 'a.csv',
    })
    expect(posted).toMatchObject({ rowsTotal: 6, rowsAccepted: 3, rowsDuplicate: 0, rowsReleased: 0 })
    expect(posted.quarantined.map(({ index, line, reason }) => [index, line, reason])).toEqual([
      [1, 3, 'PRICE_NOT_POSITIVE'],
      [3, 5, 'PRICE_JUMP'],
      [null, 9, 'WRONG_COLUMN_COUNT'],
    ])
    expect(await stored()).toEqual(['102', '101', '100'])
    const { bars: listed } = await listQuarantine(deps(), VIEWER, { symbol, page: 1, perPage: 10 })
    expect(listed.map(({ reason }) => reason).sort()).toEqual([
      'PRICE_JUMP',
      'PRICE_NOT_POSITIVE',
      'WRONG_COLUMN_COUNT',
    ])
    expect(listed.find(({ line }) => line === 9)?.raw).toEqual({ text: 'x,y' })
  })

  it('takes the same import twice without storing a bar twice', async () => {
    await post({ bars: bars(0, '100', '101') })
    expect(await post({ bars: bars(0, '100', '101', '102') })).toMatchObject({
      rowsAccepted: 1,
      rowsDuplicate: 2,
    })
    expect(await stored()).toEqual(['102', '101', '100'])
  })

  it('confirms a new level bar by bar, as a feed sends them', async () => {
    await post({ bars: bars(0, '100') })
    expect(await post({ bars: bars(1, '150') })).toMatchObject({ rowsAccepted: 0 })
    expect(await post({ bars: bars(2, '151') })).toMatchObject({ rowsAccepted: 0 })
    expect(await post({ bars: bars(3, '149') })).toMatchObject({ rowsAccepted: 1, rowsReleased: 2 })
    expect(await stored()).toEqual(['149', '151', '150', '100'])
    const { bars: pending } = await listQuarantinedBars(
      test.db.kysely,
      { symbol, status: 'PENDING' },
      { limit: 9, offset: 0 },
    )
    expect(pending).toEqual([])
    const { alerts } = await listAlerts(test.db.kysely, { visible: 'all' }, { limit: 50, offset: 0 })
    const codes = alerts.filter(({ context }) => context.symbol === symbol).map(({ code }) => code)
    expect(codes.sort()).toEqual(['BAD_BAR', 'PRICE_LEVEL_CHANGED'])
  })

  it('names the lines of its own import that a later request of it released', async () => {
    const [base, ...level] = bars(0, '100', '150', '151', '152')
    if (base === undefined) throw new Error('no bar')
    const first = await post({ bars: [base, ...level.slice(0, 2)], fileName: 'a.csv' })
    expect(first.quarantined.map(({ line }) => line)).toEqual([3, 4])
    const second = await post({ bars: level.slice(2), fileName: 'a.csv', importId: first.importId })
    expect(second).toMatchObject({ rowsAccepted: 1, rowsReleased: 2, releasedLines: [3, 4] })
    const found = await findBarImport(test.db.kysely, first.importId)
    expect(found).toMatchObject({ rowsTotal: 4, rowsAccepted: 4, rowsQuarantined: 0 })
  })

  it('writes one audit entry for an import of several requests', async () => {
    const first = await post({ bars: bars(0, '100'), fileName: 'big.csv' })
    await post({ bars: bars(1, '101'), fileName: 'big.csv', importId: first.importId })
    const { entries } = await listAudit(
      test.db.kysely,
      { entity: 'bar_import', entityId: first.importId },
      { limit: 9, offset: 0 },
    )
    expect(entries.map(({ action, actorLabel }) => [action, actorLabel])).toEqual([
      ['market_data.import', 'ana@example.com'],
    ])
  })

  it('continues no import of another symbol', async () => {
    const first = await post({ bars: bars(0, '100') })
    symbol = `S${Number(symbol.slice(1)) + 1}`
    await createInstrument(deps(), TRADER, instrument())
    await expect(post({ bars: bars(0, '1'), importId: first.importId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await stored()).toEqual([])
  })

  it('writes nothing in a dry run', async () => {
    const posted = await post({ bars: bars(0, '100', '0'), isDryRun: true })
    expect(posted).toMatchObject({ rowsAccepted: 1, quarantined: [{ reason: 'PRICE_NOT_POSITIVE' }] })
    expect(await stored()).toEqual([])
    expect((await listQuarantine(deps(), VIEWER, { symbol, page: 1, perPage: 10 })).totalCount).toBe(0)
    expect(received).toEqual([])
  })

  it('hands on only bars that are newer than any before, and moves the last price', async () => {
    await post({ bars: bars(10, '100', '101') })
    await post({ bars: bars(8, '99', '98') })
    expect(received.map((bar) => bar.close.toFixed())).toEqual(['100', '101'])
    const mark = (await listMarks(test.db.kysely)).find((one) => one.symbol === symbol)
    expect(mark?.price.toFixed()).toBe('101')
    const listed = (await listInstruments(deps(), VIEWER)).find((one) => one.instrument.symbol === symbol)
    expect(listed?.lastPrice?.price.toFixed()).toBe('101')
  })

  it('refuses an empty request, an unknown symbol, a second instrument and a viewer', async () => {
    await expect(post({})).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    await expect(post({ symbol: 'NONE', bars: bars(0, '1') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(createInstrument(deps(), TRADER, instrument())).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(post({ bars: bars(0, '1') }, VIEWER)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})
