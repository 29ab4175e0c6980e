import { describe, expect, it } from 'vitest'
import { type Overrides } from '../../test/fixtures.ts'
import { judge, codes, reducing } from '../../test/judge.ts'
import type { LimitOverrides } from '../limits.ts'

describe('sizes breach above the limit, not at it', () => {
  const big = { accountEquityUsd: '1000000', freeBalanceUsd: '1000000' }
  it.each<[string, Overrides, Overrides, string, LimitOverrides?]>([
    [
      'R06 account',
      { books: { accountEquityUsd: '24000' } },
      { books: { accountEquityUsd: '23999.99' } },
      'MAX_ORDER_NOTIONAL',
    ],
    [
      'R08',
      { books: { freeBalanceUsd: '6001' } },
      { books: { freeBalanceUsd: '6000.99' } },
      'INSUFFICIENT_FREE_BALANCE',
    ],
    [
      'R08 working buys',
      { books: { freeBalanceUsd: '6101', workingBuysUsd: '100' } },
      { books: { freeBalanceUsd: '6101', workingBuysUsd: '100.01' } },
      'INSUFFICIENT_FREE_BALANCE',
    ],
    [
      'R09 with position and working',
      { books: { positionQuantity: '5', workingSameSideQuantity: '3' } },
      { books: { positionQuantity: '5', workingSameSideQuantity: '3.01' } },
      'MAX_POSITION',
    ],
    [
      'R10',
      { books: { accountGrossUsd: '94000' } },
      { books: { accountGrossUsd: '94000.01' } },
      'MAX_GROSS_EXPOSURE',
    ],
    [
      'R11 allocation',
      { books: { strategyGrossUsd: '24000' } },
      { books: { strategyGrossUsd: '24000.01' } },
      'STRATEGY_ALLOCATION',
    ],
    ['R11 risk', { order: { stopLoss: '2700' } }, { order: { stopLoss: '2699.99' } }, 'MAX_RISK_PER_TRADE'],
    [
      'R11 risk without a stop',
      { order: { stopLoss: null } },
      { order: { stopLoss: null, quantity: '2.01' } },
      'MAX_RISK_PER_TRADE',
    ],
    [
      'R12 strategy',
      { books: { otherOpenPositions: { strategy: 4, account: 4 } } },
      { books: { otherOpenPositions: { strategy: 5, account: 5 } } },
      'MAX_OPEN_POSITIONS',
      { maxOpenPositions: 5 },
    ],
    [
      'R12 account',
      { books: { otherOpenPositions: { strategy: 0, account: 19 } } },
      { books: { otherOpenPositions: { strategy: 0, account: 20 } } },
      'MAX_OPEN_POSITIONS',
    ],
    ['R17', { books: { activeOrders: 49 } }, { books: { activeOrders: 50 } }, 'MAX_ACTIVE_ORDERS'],
    [
      'R18 bars',
      { market: { feed: { kind: 'bars', ageSeconds: 46_800, intervalSeconds: 23_400 } } },
      { market: { feed: { kind: 'bars', ageSeconds: 46_801, intervalSeconds: 23_400 } } },
      'STALE_MARKET_DATA',
    ],
    [
      'R18 ticks',
      { market: { feed: { kind: 'ticks', ageSeconds: 10, intervalSeconds: 2 } } },
      { market: { feed: { kind: 'ticks', ageSeconds: 10.001, intervalSeconds: 2 } } },
      'STALE_MARKET_DATA',
    ],
    [
      'R24',
      { signal: { confidence: 0.6 } },
      { signal: { confidence: 0.599 } },
      'CONFIDENCE_BELOW_THRESHOLD',
      { signalThreshold: 0.6 },
    ],
  ])('%s', (_, at, above, code, strategy) => {
    expect(codes(at, { strategy })).toEqual([])
    expect(codes(above, { strategy })).toContain(code)
  })

  it('R06 measures against the allocation as well', () => {
    const order = { quantity: '11', stopLoss: '2999' }
    expect(judge({ order, books: big }).violations.map((v) => [v.code, v.scope])).toEqual([
      ['MAX_ORDER_NOTIONAL', 'strategy:s:PAPER'],
      ['MAX_POSITION', 'strategy:s:PAPER'],
      ['STRATEGY_ALLOCATION', 'strategy:s:PAPER'],
    ])
  })

  it('R09 takes a limit of its own, counts shorts by size and flips by what is left', () => {
    expect(codes({}, { strategy: { maxPositionNotionalUsd: '5999.99' } })).toEqual(['MAX_POSITION'])
    expect(codes({ order: { side: 'SELL' }, books: { positionQuantity: '-9' } })).toEqual(['MAX_POSITION'])
    const flip = { order: { side: 'SELL' as const, quantity: '8', stopLoss: '3050' } }
    expect(codes({ ...flip, books: { positionQuantity: '1' } })).toEqual([])
  })

  it('exempts reducing orders from all of them', () => {
    const books = { positionQuantity: '4', accountEquityUsd: '1', freeBalanceUsd: '0', activeOrders: 99 }
    expect(codes({ ...reducing(), books, market: { feed: null }, modelHealth: 'critical' })).toEqual([])
  })
})

describe('R07 price collar', () => {
  const limit = (limitPrice: string, extra: Overrides = {}) =>
    codes({ ...extra, order: { orderType: 'LIMIT', limitPrice, ...extra.order } })

  it('binds above 5 % from the reference, 1 % for FX, either way', () => {
    expect(limit('3150')).toEqual([])
    expect(limit('3150.01')).toEqual(['PRICE_COLLAR'])
    expect(limit('2849.99')).toEqual(['PRICE_COLLAR'])
    expect(limit('3030', { instrument: { contractType: 'FX' } })).toEqual([])
    expect(limit('3030.01', { instrument: { contractType: 'FX' } })).toEqual(['PRICE_COLLAR'])
  })

  it('is doubled, not removed, for reducing orders', () => {
    expect(limit('3300', reducing())).toEqual([])
    expect(limit('3300.01', reducing())).toEqual(['PRICE_COLLAR'])
  })

  it('refuses a limit price without a reference to hold it against', () => {
    expect(limit('3000', { market: { referencePrice: null } })).toEqual(['PRICE_COLLAR'])
    expect(limit('3000', { market: { referencePrice: '0' } })).toEqual(['PRICE_COLLAR'])
  })
})
