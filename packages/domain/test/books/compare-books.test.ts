import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyFill,
  compareEquity,
  compareEquityBase,
  compareOrders,
  comparePositions,
  compareSums,
  type Decimal,
  type Fill,
  FillLedger,
  type Instrument,
  type Position,
  type StoredOrder,
  ZERO,
} from '../../src/index.ts'
import { d, type Story, stories } from './fills.ts'
import { book, cashFlow, signedQuantity, sum } from './ledger.ts'

const RUNS = { numRuns: Number(process.env['BOOKS_RUNS'] ?? 300) }
const TIMEOUT = { timeout: Math.max(30_000, RUNS.numRuns * 60) }

/** A story with its fills as they are stored, all of one order. */
function recorded({ instrument, fills }: Story) {
  const stored = fills.map((fill, index): Fill => ({
    ...fill,
    fillId: `f${index}`,
    orderId: 'order',
    brokerTradeId: `t${index}`,
    filledAt: new Date(fill.filledAt.getTime() + index * 1000),
  }))
  const ledger = new FillLedger(new Map([[instrument.symbol, instrument as Instrument]]))
  for (const fill of stored) ledger.add(fill)
  const booked = book(applyFill, { instrument, fills: stored })
  const positions = booked.kept.map((position, seq): Position => ({
    ...position,
    seq,
    positionId: `p${seq}`,
  }))
  return { ledger, stored, positions, booked }
}

const NUMBERS = [
  'quantity',
  'costBasis',
  'realizedQuote',
  'realizedUsd',
  'feesUsd',
  'costUsd',
  'peakQuantity',
  'closedQuantity',
  'entryPrice',
] as const

describe('positions against their fills', () => {
  it('do not differ when the same fills made them, in whatever order they are read', TIMEOUT, () => {
    fc.assert(
      fc.property(stories, (story) => {
        const { ledger, positions } = recorded(story)
        expect(comparePositions(ledger, positions)).toEqual([])
        expect(comparePositions(ledger, positions.toReversed())).toEqual([])
      }),
      RUNS,
    )
  })

  it('show any number that somebody moved by the smallest amount', TIMEOUT, () => {
    fc.assert(
      fc.property(stories, fc.nat(), fc.constantFrom(...NUMBERS), (story, pick, field) => {
        const { ledger, positions } = recorded(story)
        const index = pick % positions.length
        const tampered = positions.map((one, at) =>
          at === index ? { ...one, [field]: one[field].plus('1e-18') } : one,
        )
        const found = comparePositions(ledger, tampered)
        expect(found).toHaveLength(1)
        expect(found[0]).toMatchObject({ what: 'position', row: `p${index}`, field })
      }),
      RUNS,
    )
  })

  it('show a position too many and one too few', () => {
    const [story] = fc.sample(stories, 1)
    const { ledger, positions } = recorded(story ?? expect.fail('no story'))
    const [first] = positions
    const extra = { ...(first ?? expect.fail('no position')), strategyId: 'nobody' }
    expect(comparePositions(ledger, [...positions, extra])).toMatchObject([
      { field: 'position', derived: null, where: expect.stringContaining('nobody') },
    ])
    expect(comparePositions(ledger, positions.slice(0, -1))).toMatchObject([
      { field: 'position', stored: null },
    ])
  })

  it('cannot be derived for a symbol that no instrument describes', () => {
    const [story] = fc.sample(stories, 1)
    const ledger = new FillLedger(new Map())
    for (const fill of recorded(story ?? expect.fail('no story')).stored) ledger.add(fill)
    expect([...ledger.unknownSymbols]).toEqual([story?.instrument.symbol])
  })
})

describe('orders against their fills', () => {
  const order = (ledger: FillLedger, over: Partial<StoredOrder> = {}): StoredOrder => {
    const { filledQuantity, averageFillPrice, fees } = ledger.orders.get('order') ?? expect.fail('no order')
    return {
      ...{ mode: 'PAPER', strategyId: 's', symbol: 'SPX', orderId: 'order', status: 'FILLED' },
      ...{ quantity: filledQuantity, filledQuantity, averageFillPrice, fees },
      ...over,
    }
  }
  const [story] = fc.sample(stories, 1)
  const { ledger } = recorded(story ?? expect.fail('no story'))

  it('agree with their sums', () => {
    expect(compareOrders(ledger, [order(ledger)])).toEqual([])
    const unfilled = { orderId: 'other', filledQuantity: ZERO, averageFillPrice: null, fees: ZERO }
    expect(compareOrders(ledger, [order(ledger, { ...unfilled, status: 'CANCELLED' })])).toEqual([])
  })

  it.each<[string, Partial<StoredOrder>]>([
    ['filledQuantity', { filledQuantity: d('0.001'), quantity: d(1_000_000), status: 'SUBMITTED' }],
    ['averageFillPrice', { averageFillPrice: d('0.001') }],
    ['fees', { fees: d(-1) }],
    ['status', { status: 'SUBMITTED' }],
    ['status', { quantity: d(1_000_000) }],
  ])('show a wrong %s', (field, over) => {
    expect(compareOrders(ledger, [order(ledger, over)])).toMatchObject([
      { what: 'order', row: 'order', field },
    ])
  })
})

describe('sums of the database', () => {
  it('fulfil the identities of the books, and show when they do not', TIMEOUT, () => {
    fc.assert(
      fc.property(stories, (story) => {
        const { positions } = recorded(story)
        const { multiplier } = story.instrument
        const total = (amount: (position: Position) => Decimal) => sum(positions.map(amount))
        const sums = {
          ...{ mode: 'PAPER' as const, strategyId: 's', symbol: story.instrument.symbol },
          cash: cashFlow(story).div(multiplier),
          fillQuantity: sum(story.fills.map(signedQuantity)),
          fillFeesUsd: sum(story.fills.map(({ fee }) => fee)),
          quantity: total(({ quantity }) => quantity),
          costBasis: total(({ costBasis }) => costBasis),
          realizedQuote: total(({ realizedQuote }) => realizedQuote),
          feesUsd: total(({ feesUsd }) => feesUsd),
        }
        const compare = (over: Partial<typeof sums> = {}) =>
          compareSums([{ ...sums, ...over }], () => multiplier).map(({ field }) => field)
        expect(compare()).toEqual([])
        expect(compare({ quantity: sums.quantity.plus(1) })).toEqual(['quantity'])
        expect(compare({ feesUsd: sums.feesUsd.plus('1e-8') })).toEqual(['feesUsd'])
        expect(compare({ costBasis: sums.costBasis.plus('1e-18') })).toEqual(['realizedQuote - costBasis'])
      }),
      RUNS,
    )
  })
})

describe('equity curves against the fills', () => {
  const [story] = fc.sample(stories, 1)
  const { ledger, booked } = recorded(story ?? expect.fail('no story'))
  const point = (realizedPnl: Decimal) => ({
    ...{ scope: 'strategy:s:PAPER', at: new Date('2026-01-07T15:00:00Z') },
    ...{ equity: realizedPnl.plus(100), realizedPnl, unrealizedPnl: ZERO },
  })

  it('know what was realised before the first fill and after each one, and nothing else', () => {
    const levels = booked.effects.map((_, index) =>
      sum(booked.effects.slice(0, index + 1).map(({ netUsd }) => netUsd)),
    )
    expect(compareEquity(ledger, [ZERO, ...levels].map(point))).toEqual([])
    const wrong = (levels.at(-1) ?? ZERO).plus('1e-8')
    expect(compareEquity(ledger, [point(wrong)])).toMatchObject([{ what: 'equity', field: 'realizedPnl' }])
    expect(ledger.realizedUsd('account:PAPER').eq(levels.at(-1) ?? ZERO)).toBe(true)
  })

  it('end at capital + realised + unrealised', () => {
    expect(compareEquityBase(point(d(5)), d(100))).toEqual([])
    expect(compareEquityBase(point(d(5)), d(101))).toMatchObject([
      { field: 'equity', stored: '105', derived: '106' },
    ])
  })
})
