import { describe, expect, it } from 'vitest'
import { type Overrides, NOW, freshStates, limitsOf, requestOf } from '../test/fixtures.ts'
import { codes } from '../test/judge.ts'
import { RULES_AT_OPEN, evaluateAtOpen } from './evaluate.ts'
import { initialRiskState, latchedTradingState, restoreRiskState } from './state.ts'

const atOpen = (overrides: Overrides = {}) =>
  evaluateAtOpen(requestOf({ signal: null, ...overrides }), freshStates(), limitsOf())

describe('an accepted order that waited for the open', () => {
  it('is judged again by what may have changed: states, books and daily limits, in their order', () => {
    const { allowed, checks } = atOpen()
    expect(allowed).toBe(true)
    expect([...new Set(checks.map(({ id }) => id))]).toEqual(RULES_AT_OPEN)
  })

  it.each<[string, Overrides, string]>([
    ['a kill switch', { tradingStates: { global: 'HALTED' } }, 'TRADING_HALTED'],
    ['what is left of the balance', { books: { freeBalanceUsd: '1' } }, 'INSUFFICIENT_FREE_BALANCE'],
    ['positions opened meanwhile', { books: { accountGrossUsd: '99000' } }, 'MAX_GROSS_EXPOSURE'],
    ['a reduce-only order without a position', { order: { reduceOnly: true } }, 'REDUCE_ONLY_WOULD_INCREASE'],
  ])('is refused for %s', (_, overrides, code) => {
    expect(atOpen(overrides).violations.map((violation) => violation.code)).toEqual([code])
  })

  it('is not asked again for its signal, its rate and the age of prices', () => {
    const { allowed } = atOpen({
      signal: { signalAt: 0 },
      messageBucket: { milliTokens: 0, at: NOW },
      market: { feed: null },
      modelHealth: 'critical',
    })
    expect(allowed).toBe(true)
  })
})

describe('limits of a strategy beside those of the account', () => {
  it('R10 holds to the smaller share of the two', () => {
    const books = { accountGrossUsd: '84000' }
    expect(codes({ books }, { strategy: { maxGrossExposure: '0.9' } })).toEqual([])
    expect(codes({ books }, { strategy: { maxGrossExposure: '0.89' } })).toEqual(['MAX_GROSS_EXPOSURE'])
    expect(codes({ books: { accountGrossUsd: '95000' } }, { strategy: { maxGrossExposure: '2' } })).toEqual([
      'MAX_GROSS_EXPOSURE',
    ])
  })

  it('R06 takes the share that the strategy is given', () => {
    expect(codes({}, { strategy: { maxOrderNotionalOfAccountEquity: '0.05' } })).toEqual([
      'MAX_ORDER_NOTIONAL',
    ])
  })

  it('R05 takes the maximum of the instrument before that of all', () => {
    const strategy = { maxOrderQuantity: '1', maxOrderQuantityBySymbol: { SPX: '2' } }
    expect(codes({}, { strategy })).toEqual([])
    expect(codes({}, { strategy, global: { maxOrderQuantityBySymbol: { SPX: '9' } } })).toEqual([])
    expect(codes({}, { global: { maxOrderQuantityBySymbol: { SPX: '1.99' } } })).toEqual(['MAX_ORDER_QTY'])
    expect(codes({}, { global: { maxOrderQuantityBySymbol: { X: '1' } } })).toEqual([])
  })

  it('R04 looks at the target as well as at the stop', () => {
    expect(codes({ order: { takeProfit: '3100.005' } })).toEqual(['PRICE_PRECISION'])
    expect(codes({ order: { takeProfit: null } })).toEqual([])
  })

  it('R13 gives a strategy that has sent nothing yet a full bucket, of 0 where none may be sent', () => {
    expect(codes({ messageBucket: null })).toEqual([])
    expect(codes({ messageBucket: null }, { strategy: { messagesPerSecond: 0 } })).toEqual(['MESSAGE_RATE'])
  })
})

describe('a stored state', () => {
  it('of an earlier version holds no latch that it did not know', () => {
    const {
      throttleTrippedAt: _,
      reconciliationTrippedAt: __,
      cleanPasses: ___,
      ...old
    } = freshStates().strategy
    const restored = restoreRiskState(old)
    expect(restored).toEqual(freshStates().strategy)
    expect(latchedTradingState(restored)).toBe('ACTIVE')
  })

  it('comes back as it was', () => {
    const state = { ...initialRiskState('account:LIVE', { equity: '7', dayKey: 'd' }), executions: 3 }
    expect(restoreRiskState(state)).toEqual(state)
  })
})
