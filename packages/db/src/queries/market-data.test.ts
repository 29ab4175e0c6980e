import { randomUUID } from 'node:crypto'
import { Decimal, type Bar } from '@quantdeck/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Queryable } from '../client.ts'
import {
  createTestDatabase,
  describeEngines,
  describePostgres,
  SAMPLE_AT,
  sampleStrategy,
  type TestDatabase,
  sampleInstrument,
} from '../testing/index.ts'
import {
  findQuarantinedBar,
  insertQuarantinedBars,
  listQuarantinedBars,
  resolveQuarantinedBar,
} from './bar-quarantine.ts'
import { loadBarColumns } from './bar-chunks.ts'
import { insertNewBars } from './bar-rows.ts'
import { type BarSeries, findBarSpan, insertBars, listBarCoverage, listBars, listLatestBars } from './bars.ts'
import { insertInferences, listLastInferences } from './inferences.ts'
import { findInstrument, insertInstrument, listInstruments } from './instruments.ts'
import { listMarks, upsertMarks } from './marks.ts'
import { listModelBaselines, upsertModelBaseline } from './model-baselines.ts'
import { insertStrategy } from './strategies.ts'

const DAY = 86_400
const usdCop = sampleInstrument({
  symbol: 'USD/COP',
  contractType: 'FX',
  currency: 'COP',
  calendar: 'USDCOP',
  barIntervalSeconds: 300,
  source: 'simulated',
})

function bar(day: number, over: Partial<Bar> = {}): Bar {
  const openedAt = new Date(SAMPLE_AT.getTime() + day * DAY * 1000)
  return {
    symbol: 'SPX',
    intervalSeconds: DAY,
    openedAt,
    closedAt: new Date(openedAt.getTime() + DAY * 1000),
    open: new Decimal(100 + day),
    high: new Decimal('20000.25'),
    low: new Decimal('1.5'),
    close: new Decimal(101 + day),
    volume: new Decimal(day),
    source: 'csv, "quoted"',
    ...over,
  }
}

describeEngines('market data', (engine) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase(engine)
    await insertInstrument(test.db.kysely, usdCop)
    await insertStrategy(test.db.kysely, sampleStrategy({ strategyId: 'ppo_v1' }))
    await insertStrategy(test.db.kysely, sampleStrategy({ strategyId: 'sac_v2' }))
  })
  afterAll(() => test?.close())

  it('keeps an instrument exactly, once', async () => {
    expect(await findInstrument(test.db.kysely, 'USD/COP')).toEqual(usdCop)
    expect(await insertInstrument(test.db.kysely, usdCop)).toBe(false)
    expect(await listInstruments(test.db.kysely)).toEqual([usdCop])
  })

  it('never replaces a mark by an older one', async () => {
    const mark = { symbol: 'USD/COP', price: new Decimal('4210.5'), at: SAMPLE_AT, source: 'simulated' }
    await upsertMarks(test.db.kysely, [mark])
    await upsertMarks(test.db.kysely, [
      { ...mark, price: new Decimal(1), at: new Date(SAMPLE_AT.getTime() - 1) },
    ])
    expect(await listMarks(test.db.kysely)).toEqual([mark])
  })

  it('writes each bar once, keeps or replaces the one it has, and counts what it wrote', async () => {
    const bars = Array.from({ length: 10_500 }, (_, day) => bar(day))
    expect(await insertBars(test.db.kysely, bars)).toBe(10_500)
    expect(await insertBars(test.db.kysely, [bar(0, { close: new Decimal(150) }), bar(10_500)])).toBe(1)
    expect(await listBars(test.db.kysely, { symbol: 'SPX', intervalSeconds: DAY }, {}, 1)).toEqual([bar(0)])
    const replaced = bar(0, { close: new Decimal('150.123456789') })
    expect(await insertBars(test.db.kysely, [replaced], 'replace')).toBe(1)
    expect(await listBars(test.db.kysely, { symbol: 'SPX', intervalSeconds: DAY }, {}, 2)).toEqual([
      replaced,
      bar(1),
    ])
    expect(await listLatestBars(test.db.kysely, { symbol: 'SPX', intervalSeconds: DAY }, 2)).toEqual([
      bar(10_499),
      bar(10_500),
    ])
    expect(
      await listLatestBars(test.db.kysely, { symbol: 'SPX', intervalSeconds: DAY }, 1, bar(7).openedAt),
    ).toEqual([bar(7)])
    expect(await listBarCoverage(test.db.kysely)).toEqual([
      {
        symbol: 'SPX',
        intervalSeconds: DAY,
        firstOpenedAt: bar(0).openedAt,
        lastOpenedAt: bar(10_500).openedAt,
        barCount: 10_501,
      },
    ])
    expect(await listBarCoverage(test.db.kysely, 'other')).toEqual([])
  })

  it('writes columns of new bars as the texts they are, and keeps the bar of whoever was faster', async () => {
    const { kysely } = test.db
    const series = { symbol: 'TXT', intervalSeconds: DAY }
    const days = [0, 1, 9_000]
    const rows = {
      ...series,
      source: 'file',
      openedAtMs: days.map((day) => bar(day).openedAt.getTime()),
      open: ['100.5', '0.000000000000000001', '123456789012345678901234567890.5'],
      high: ['101.25', '2', '123456789012345678901234567890.5'],
      low: ['99', '0.000000000000000001', '1'],
      close: ['100', '1.10', '2'],
      volume: ['0', '0.5', '-0'],
    }
    await insertBars(kysely, [bar(1, { symbol: 'TXT' })])
    const write = () => kysely.transaction().execute((trx) => insertNewBars(trx, rows))
    expect(await write()).toBe(2)
    const [first, second, third] = await listBars(kysely, series, {}, 10)
    expect(first).toEqual({
      ...{ ...series, source: 'file', openedAt: bar(0).openedAt, closedAt: bar(1).openedAt },
      ...{ open: new Decimal('100.5'), high: new Decimal('101.25'), low: new Decimal(99) },
      ...{ close: new Decimal(100), volume: new Decimal(0) },
    })
    expect(second).toEqual(bar(1, { symbol: 'TXT' }))
    expect(third?.open.toFixed()).toBe(rows.open[2])
    expect(await write()).toBe(0)
    await expectSame(kysely, series)
  })

  it('hands bars over as columns of doubles that agree with the rows', async () => {
    const series = { symbol: 'SPX', intervalSeconds: DAY }
    const range = { from: bar(3).openedAt, to: bar(6).openedAt }
    const columns = await loadBarColumns(test.db.kysely, series, range)
    const rows = await listBars(test.db.kysely, series, range, 100)
    expect(columns.length).toBe(4)
    expect([...columns.openedAtMs]).toEqual(rows.map(({ openedAt }) => openedAt.getTime()))
    expect([...columns.closedAtMs]).toEqual(rows.map(({ closedAt }) => closedAt.getTime()))
    for (const field of ['open', 'high', 'low', 'close', 'volume'] as const) {
      expect([...columns[field]]).toEqual(rows.map((row) => row[field].toNumber()))
    }
    expect((await loadBarColumns(test.db.kysely, series)).length).toBe(10_501)
    expect((await loadBarColumns(test.db.kysely, { ...series, symbol: 'none' })).length).toBe(0)
  })

  it('stops loading when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('no longer wanted'))
    const load = loadBarColumns(test.db.kysely, { symbol: 'SPX', intervalSeconds: DAY }, {}, { signal })
    await expect(load).rejects.toThrow('no longer wanted')
  })

  it('finds where the bars of a range begin and end', async () => {
    const series = { symbol: 'SPX', intervalSeconds: DAY }
    const span = (from: number, to: number) =>
      findBarSpan(test.db.kysely, series, { from: bar(from).openedAt, to: bar(to).openedAt })
    expect(await findBarSpan(test.db.kysely, series)).toEqual({
      first: bar(0).openedAt,
      last: bar(10_500).openedAt,
    })
    expect(await span(3, 9)).toEqual({ first: bar(3).openedAt, last: bar(9).openedAt })
    expect(await span(10_501, 10_600)).toBeNull()
  })

  it('packed bars follow what is written: added between, replaced, and again after that', async () => {
    const { kysely } = test.db
    const series = { symbol: 'NDX', intervalSeconds: DAY }
    const own = (day: number, close = 101 + day) => bar(day, { symbol: 'NDX', close: new Decimal(close) })
    await insertBars(kysely, [own(0), own(2), own(9_000)])
    await expectSame(kysely, series)
    await insertBars(kysely, [own(1), own(9_001)])
    await expectSame(kysely, series)
    await insertBars(kysely, [own(2, 7.25), own(9_000, 12_000.125)], 'replace')
    const closes = await expectSame(kysely, series)
    expect(closes).toEqual([101, 102, 7.25, 12_000.125, 9_102])
  })

  it('keeps refused bars with what was sent, and lets one person resolve each', async () => {
    const refused = {
      quarantineId: randomUUID(),
      symbol: 'SPX',
      intervalSeconds: DAY,
      openedAt: null,
      line: 7,
      raw: 'not,a,"bar"',
      reason: 'BAD_DATE',
      detail: 'column 1',
      importId: null,
      createdAt: SAMPLE_AT,
    }
    const [seq] = await insertQuarantinedBars(test.db.kysely, [refused])
    const stored = { ...refused, seq, status: 'PENDING', resolvedAt: null, resolvedBy: null }
    expect(await findQuarantinedBar(test.db.kysely, refused.quarantineId)).toEqual(stored)
    const page = { limit: 10, offset: 0 }
    expect(await listQuarantinedBars(test.db.kysely, { status: 'PENDING' }, page)).toEqual({
      bars: [stored],
      totalCount: 1,
    })
    const resolution = { status: 'DROPPED', resolvedAt: SAMPLE_AT, resolvedBy: 'me' } as const
    expect(await resolveQuarantinedBar(test.db.kysely, refused.quarantineId, resolution)).toBe(true)
    expect(await resolveQuarantinedBar(test.db.kysely, refused.quarantineId, resolution)).toBe(false)
  })

  it('keeps the last actions of each model and what they are compared with', async () => {
    const inference = (strategyId: string, action: number) => ({
      strategyId,
      action,
      inferredAt: SAMPLE_AT,
      receivedAt: SAMPLE_AT,
    })
    await insertInferences(
      test.db.kysely,
      [1, 2, 3].map((n) => inference('ppo_v1', n / 10)),
    )
    const last = await listLastInferences(test.db.kysely, ['ppo_v1', 'sac_v2'], 2)
    expect(last.get('ppo_v1')?.map(({ action }) => action)).toEqual([0.2, 0.3])
    expect(last.get('sac_v2')).toEqual([])
    const baseline = {
      strategyId: 'ppo_v1',
      actions: [0.1, -1, 1e-7],
      setAt: SAMPLE_AT,
      setBy: 'demo',
      note: null,
    }
    await upsertModelBaseline(test.db.kysely, baseline)
    await upsertModelBaseline(test.db.kysely, { ...baseline, note: 'again' })
    expect((await listModelBaselines(test.db.kysely, ['ppo_v1'])).get('ppo_v1')).toEqual({
      ...baseline,
      note: 'again',
    })
  })
})

/** The packed bars against the rows. @returns the closes */
async function expectSame(db: Queryable, series: BarSeries): Promise<number[]> {
  const columns = await loadBarColumns(db, series)
  const rows = await listBars(db, series, {}, 100_000)
  expect([...columns.openedAtMs]).toEqual(rows.map(({ openedAt }) => openedAt.getTime()))
  expect([...columns.close]).toEqual(rows.map(({ close }) => close.toNumber()))
  return [...columns.close]
}

describePostgres('packed bars with several writers', () => {
  it('a load beside a write that is not committed keeps nothing that the write makes wrong', async () => {
    const test = await createTestDatabase('postgres')
    const series = { symbol: 'SPX', intervalSeconds: DAY }
    await insertBars(test.db.kysely, [bar(0), bar(2)])
    let load: Promise<number[]> = Promise.resolve([])
    await test.db.kysely.transaction().execute(async (trx) => {
      await insertBars(trx, [bar(1)])
      load = loadBarColumns(test.db.kysely, series).then(({ close }) => [...close])
      // Its packer waits for this transaction, or has stored what was true before it.
      await new Promise((resolve) => setTimeout(resolve, 150))
    })
    expect([2, 3]).toContain((await load).length)
    await expectSame(test.db.kysely, series)
    await test.close()
  })
})
