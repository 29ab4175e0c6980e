import { type Bar, DAY_MS, Decimal } from '@quantdeck/domain'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type IncomingBar, judgeBars, type JudgeContext, type WaitingBar } from './judge-bars.ts'
import { textsOf, WireBar } from './wire-bar.ts'

const START = Date.UTC(2025, 0, 1)
const EMPTY: JudgeContext = { known: [], lastClose: null, waiting: [], latestMs: START + 1000 * DAY_MS }

function values(price: string) {
  const at = new Decimal(price)
  return { open: at, high: at, low: at, close: at, volume: new Decimal(1) }
}

function incoming(prices: Record<number, string>): IncomingBar[] {
  return Object.entries(prices).map(([day, price], index) => ({
    ...values(price),
    index,
    line: index + 2,
    openedAt: new Date(START + Number(day) * DAY_MS),
  }))
}

function known(day: number, price: string): Bar {
  const openedAt = new Date(START + day * DAY_MS)
  const closedAt = new Date(openedAt.getTime() + DAY_MS)
  return { ...values(price), symbol: 'X', intervalSeconds: 86_400, openedAt, closedAt, source: 'test' }
}

function waiting(day: number, price: string): WaitingBar {
  return {
    ...values(price),
    quarantineId: `q${day}`,
    importId: null,
    line: null,
    openedAt: new Date(START + day * DAY_MS),
  }
}

function summary(bars: IncomingBar[], context: Partial<JudgeContext> = {}) {
  const judged = judgeBars(bars, { ...EMPTY, ...context })
  return {
    accepted: judged.accepted.map((bar) => bar.close.toFixed()),
    refused: judged.refused.map(({ bar, reason }) => `${bar.close.toFixed()} ${reason}`),
    duplicates: judged.duplicateCount,
    released: judged.released.map((bar) => bar.quarantineId),
    hasNewLevel: judged.hasNewLevel,
  }
}

describe('judgeBars', () => {
  it('judges in time order, whatever the order of the request', () => {
    expect(summary(incoming({ 3: '130', 1: '100', 2: '115' })).accepted).toEqual(['100', '115', '130'])
  })

  it('counts a bar that is known with the same values and refuses one with others', () => {
    const result = summary(incoming({ 1: '100', 2: '101' }), { known: [known(1, '100.0'), known(2, '102')] })
    expect(result).toMatchObject({ accepted: [], duplicates: 1, refused: ['101 DUPLICATE_TIMESTAMP'] })
  })

  it('sees the same instant twice in one request', () => {
    const twice = incoming({ 1: '100', 2: '105' }).map((bar) => ({ ...bar, openedAt: new Date(START) }))
    expect(summary(twice)).toMatchObject({ accepted: ['100'], refused: ['105 DUPLICATE_TIMESTAMP'] })
  })

  it('measures a bar that fills a gap against the known bar before it', () => {
    const context = { known: [known(2, '200')], lastClose: new Decimal('100') }
    expect(summary(incoming({ 1: '101', 3: '201' }), context)).toMatchObject({
      accepted: ['101', '201'],
      refused: [],
    })
  })

  it('takes back its own refusals when the third bar confirms the level', () => {
    const result = summary(incoming({ 0: '100', 1: '150', 2: '151', 3: '152' }))
    expect(result).toMatchObject({ accepted: ['100', '150', '151', '152'], refused: [], hasNewLevel: true })
  })

  it('releases what earlier requests left in quarantine', () => {
    const context = { lastClose: new Decimal('100'), waiting: [waiting(1, '150'), waiting(2, '151')] }
    expect(summary(incoming({ 3: '152' }), context)).toEqual({
      accepted: ['152'],
      refused: [],
      duplicates: 0,
      released: ['q1', 'q2'],
      hasNewLevel: true,
    })
  })

  it('refuses a bar that has not come yet', () => {
    expect(summary(incoming({ 5: '100' }), { latestMs: START }).refused).toEqual(['100 DATE_OUT_OF_RANGE'])
  })

  it('judges bars of the wire, which doubles wave through where they can, as it judges their decimals', () => {
    let plain = 0
    fc.assert(
      fc.property(fc.array(wireBar, { maxLength: 12 }), fc.boolean(), (bars, hasLast) => {
        const wire = bars.map((texts, index) => new WireBar(placeOf(texts.day, index), texts))
        const exact = wire.map((bar) => ({
          ...placeOf(0, bar.index),
          ...decimalsOf(bar),
          openedAt: bar.openedAt,
        }))
        const context = hasLast ? { lastClose: new Decimal('100'), known: [known(6, '101')] } : {}
        plain += wire.filter((bar) => bar.isPlainlyGood(hasLast ? 100 : null)).length
        expect(summary(wire, context)).toEqual(summary(exact, context))
      }),
      { numRuns: 1_000 },
    )
    expect(plain).toBeGreaterThan(500)
  })

  it('leaves what doubles cannot tell to decimals', () => {
    const high = '100.000000000000000001'
    const texts = { ...textsOf(values('100')), high, low: '99.999999999999999999' }
    const bar = new WireBar(placeOf(0, 0), texts)
    expect(bar.isPlainlyGood(null)).toBe(false)
    expect(summary([bar]).accepted).toEqual(['100'])
    expect(
      summary([new WireBar(placeOf(0, 0), { ...texts, open: '100.000000000000000002' })]).refused,
    ).toEqual(['100 PRICE_OUTSIDE_RANGE'])
  })
})

function placeOf(day: number, index: number) {
  return { index, line: null, openedAt: new Date(START + day * DAY_MS) }
}

function decimalsOf(bar: WireBar) {
  const { open, high, low, close, volume } = bar
  return { open, high, low, close, volume }
}

/** Mostly believable, around 100; sometimes at another level, upside down, or a hair's breadth apart. */
const price = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 9_900, max: 10_100 }).map((cents) => (cents / 100).toFixed(2)) },
  { weight: 2, arbitrary: fc.constantFrom('100', '120', '80', '121', '1000', '10', '50', '200', '0', '-1') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('100.00', '100.000000000000000001', '120.0000000001', '99.999999999999999999'),
  },
)
const wireBar = fc
  .record({ day: fc.nat(14), open: price, close: price, more: price, isTidy: fc.integer({ min: 0, max: 9 }) })
  .chain(({ day, open, close, more, isTidy }) => {
    const sorted = [open, close, more].sort((a, b) => new Decimal(a).cmp(b))
    const [low = open, high = close] = isTidy > 0 ? [sorted[0], sorted[2]] : [open, more]
    return fc
      .constantFrom('0', '5', '1.5', '-1', '-0')
      .map((volume) => ({ day, open, high, low, close, volume }))
  })
