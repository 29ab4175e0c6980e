import { describe, expect, it } from 'vitest'
import { NOW, freshStates } from '../../test/fixtures.ts'
import { codes, reducing } from '../../test/judge.ts'

describe('R13-R17', () => {
  it('R13 needs one whole token', () => {
    expect(codes({ messageBucket: { milliTokens: 1_000, at: NOW } })).toEqual([])
    expect(codes({ messageBucket: { milliTokens: 999, at: NOW } })).toEqual(['MESSAGE_RATE'])
    expect(codes({ messageBucket: { milliTokens: 0, at: NOW - 100 } })).toEqual([])
    expect(codes({ messageBucket: null })).toEqual([])
  })

  const recent = { symbol: 'SPX', side: 'BUY', orderType: 'MARKET', quantity: '2.00', price: null } as const

  it('R14 counts what was submitted within the last 60 s', () => {
    const orders = (at: number, notionalUsd: string) => ({
      recentOrders: [{ ...recent, quantity: '1', at, notionalUsd }],
    })
    expect(codes(orders(NOW - 59_999, '54000'))).toEqual([])
    expect(codes(orders(NOW - 59_999, '54000.01'))).toEqual(['WINDOW_NOTIONAL'])
    expect(codes(orders(NOW - 60_000, '54000.01'))).toEqual([])
  })

  it('R15 refuses an identical order within 10 s, exits too, unless asked for', () => {
    const twin = { recentOrders: [{ ...recent, at: NOW - 9_999, notionalUsd: '0' }] }
    expect(codes(twin)).toEqual(['DUPLICATE_ORDER'])
    expect(codes({ ...twin, order: { allowDuplicate: true } })).toEqual([])
    expect(codes({ recentOrders: [{ ...recent, at: NOW - 10_000, notionalUsd: '0' }] })).toEqual([])
    const others = [
      { symbol: 'X' },
      { side: 'SELL' as const },
      { quantity: '2.01' },
      { price: '1' },
      { orderType: 'LIMIT' as const },
    ]
    for (const other of others) {
      expect(codes({ recentOrders: [{ ...recent, at: NOW, notionalUsd: '0', ...other }] })).toEqual([])
    }
    const exit = { ...recent, side: 'SELL' as const, at: NOW, notionalUsd: '0' }
    expect(codes({ ...reducing(), recentOrders: [exit] })).toEqual(['DUPLICATE_ORDER'])
  })

  it('R16 stops entries after N automated executions', () => {
    const { strategy, account } = freshStates()
    const states = (executions: number) => ({ strategy: { ...strategy, executions }, account })
    const throttled = { strategy: { executionThrottle: 3 } }
    expect(codes({}, { ...throttled, states: states(2) })).toEqual([])
    expect(codes({}, { ...throttled, states: states(3) })).toEqual(['EXECUTION_THROTTLE'])
    expect(codes({}, { states: states(99) })).toEqual([])
  })
})
