import { describe, expect, it } from 'vitest'
import { type Overrides, NOW } from '../../test/fixtures.ts'
import { codes, judge, reducing } from '../../test/judge.ts'

describe('R19-R25', () => {
  it('R19 refuses market orders for now while the market is closed; others wait', () => {
    const market = { isOpen: false }
    expect(codes({ market })).toEqual(['MARKET_CLOSED'])
    expect(codes({ market, order: { timeInForce: 'GTC' } })).toEqual(['MARKET_CLOSED'])
    expect(codes({ market, order: { timeInForce: 'OPG' } })).toEqual([])
    expect(codes({ market, order: { orderType: 'LIMIT', limitPrice: '3000' } })).toEqual([])
    expect(codes({ market, ...reducing() })).toEqual([])
    expect(codes({ market, ...reducing() }, { strategy: { reducingExemptFromMarketClosed: false } })).toEqual(
      ['MARKET_CLOSED'],
    )
  })

  it('R20 refuses a reduce-only order that would open, grow or flip', () => {
    expect(codes({ order: { reduceOnly: true } })).toEqual(['REDUCE_ONLY_WOULD_INCREASE'])
    expect(codes(reducing({ reduceOnly: true }))).toEqual([])
    expect(codes(reducing({ reduceOnly: true, quantity: '4.01' }))).toContain('REDUCE_ONLY_WOULD_INCREASE')
  })

  it.each<[string, Overrides['order'], string]>([
    ['an expiry in the past', { expiresAt: NOW }, 'EXPIRE_TIME_IN_PAST'],
    ['a LIMIT without a price', { orderType: 'LIMIT' }, 'MISSING_LIMIT_PRICE'],
    ['a STOP without a price', { orderType: 'STOP' }, 'MISSING_STOP_PRICE'],
    ['a MARKET with a limit price', { limitPrice: '3000' }, 'UNSUPPORTED_LIMIT_PRICE'],
    ['a MARKET with a stop price', { stopPrice: '3000' }, 'UNSUPPORTED_STOP_PRICE'],
    [
      'a STOP for the opening auction',
      { orderType: 'STOP', stopPrice: '3000', timeInForce: 'OPG' },
      'UNSUPPORTED_TIME_IN_FORCE',
    ],
  ])('R21 refuses %s', (_, order, code) => {
    expect(codes({ order })).toEqual([code])
  })

  it.each<[Overrides['order'], string]>([
    [{ expiresAt: NOW - 1 }, 'the order has already expired'],
    [{ orderType: 'LIMIT' }, 'a LIMIT order needs a limit price'],
    [{ orderType: 'STOP' }, 'a STOP order needs a stop price'],
    [{ limitPrice: '3000' }, 'only a LIMIT order has a limit price'],
    [{ stopPrice: '3000' }, 'only a STOP order has a stop price'],
  ])('R21 says of %j: %s', (order, sentence) => {
    expect(judge({ order }).violations.map(({ message }) => message)).toEqual([sentence])
  })

  it('R21 accepts an expiry in the future', () => {
    expect(codes({ order: { expiresAt: NOW + 1 } })).toEqual([])
    expect(codes({ order: { expiresAt: null } })).toEqual([])
  })

  it('R22 refuses to cross an own resting order', () => {
    const resting = (limitPrice: string, extra = {}) => ({
      restingOrders: [{ orderId: 'o1', symbol: 'SPX', side: 'SELL' as const, limitPrice, ...extra }],
    })
    expect(codes(resting('3000'))).toEqual(['SELF_TRADE'])
    expect(codes(resting('3000.01'))).toEqual([])
    expect(codes(resting('1', { symbol: 'X' }))).toEqual([])
    expect(codes(resting('1', { side: 'BUY' }))).toEqual([])
    expect(codes({ ...resting('3010'), order: { orderType: 'LIMIT', limitPrice: '3010' } })).toEqual([
      'SELF_TRADE',
    ])
    expect(codes({ ...resting('1'), order: { orderType: 'STOP', stopPrice: '3010' } })).toEqual([])
    const bids = (limitPrice: string) => resting(limitPrice, { side: 'BUY' })
    expect(codes({ ...reducing(), ...bids('3000') })).toEqual(['SELF_TRADE'])
    expect(codes({ ...reducing(), ...bids('2999.99') })).toEqual([])
    expect(codes({ ...resting('9999'), market: { referencePrice: null } })).toContain('SELF_TRADE')
  })

  it('R23 refuses a signal older than 5 bars or used before; a CLOSE that reduces is never too old', () => {
    const ttl = 5 * 86_400_000
    expect(codes({ signal: { signalAt: NOW - ttl } })).toEqual([])
    expect(codes({ signal: { signalAt: NOW - ttl - 1 } })).toEqual(['SIGNAL_EXPIRED'])
    expect(codes({ signal: { alreadyUsed: true } })).toEqual(['SIGNAL_EXPIRED'])
    expect(codes({ ...reducing(), signal: { signal: 'CLOSE', signalAt: 0 } })).toEqual([])
    expect(codes({ signal: { signal: 'CLOSE', signalAt: 0 } })).toEqual(['SIGNAL_EXPIRED'])
    expect(codes({ signal: null })).toEqual([])
  })

  it('R24 does not concern orders without a signal', () => {
    expect(codes({ signal: null }, { strategy: { signalThreshold: 0.99 } })).toEqual([])
  })

  it('R25 stops entries of a critical model, and nothing else', () => {
    expect(codes({ modelHealth: 'critical' })).toEqual(['MODEL_UNHEALTHY'])
    expect(codes({ modelHealth: 'warning' })).toEqual([])
    expect(codes({ modelHealth: null })).toEqual([])
    expect(codes({ ...reducing(), modelHealth: 'critical' })).toEqual([])
  })
})
