import { describe, expect, it } from 'vitest'
import { type Overrides } from '../../test/fixtures.ts'
import { judge, codes, reducing } from '../../test/judge.ts'

describe('R02-R05', () => {
  it('R02 refuses without permission, exits too, and repeats the reason', () => {
    const permission = { allowed: false, reason: 'LIVE is not approved' }
    expect(judge({ ...reducing(), permission }).violations[0]).toMatchObject({
      code: 'NOT_PERMITTED',
      message: 'LIVE is not approved',
    })
    expect(judge({ permission: { allowed: false } }).violations[0]?.message).toBe('not permitted')
  })

  it('R03 refuses denied symbols always, symbols outside the universe unless the order reduces', () => {
    expect(codes({}, { strategy: { allowSymbols: ['USD/COP'] } })).toEqual(['SYMBOL_RESTRICTED'])
    expect(codes({}, { strategy: { allowSymbols: ['SPX'] } })).toEqual([])
    expect(codes(reducing(), { strategy: { allowSymbols: [] } })).toEqual([])
    expect(codes(reducing(), { global: { denySymbols: ['SPX'] } })).toEqual([
      'SYMBOL_RESTRICTED',
      'SYMBOL_RESTRICTED',
    ])
  })

  it.each<[string, Overrides, string[]]>([
    ['an unknown symbol', { instrument: null }, ['INSTRUMENT_NOT_FOUND', 'SIGNAL_EXPIRED']],
    ['a price between ticks', { order: { stopLoss: '2900.001' } }, ['PRICE_PRECISION']],
    ['a price of 0', { order: { stopLoss: '0' } }, ['PRICE_NOT_POSITIVE', 'MAX_RISK_PER_TRADE']],
    ['a quantity between lots', { order: { quantity: '2.005' } }, ['QTY_PRECISION']],
    ['a quantity of 0', { order: { quantity: '0' } }, ['QTY_BELOW_MIN']],
    ['a negative quantity', { order: { quantity: '-1' } }, ['QTY_BELOW_MIN']],
    ['less than the minimum', { instrument: { minQuantity: '3' } }, ['QTY_BELOW_MIN']],
    ['more than the maximum', { instrument: { maxQuantity: '1.99' } }, ['QTY_ABOVE_MAX']],
  ])('R04 refuses %s', (_, overrides, expected) => {
    expect(codes(overrides)).toEqual(expected)
  })

  it('R04 knows no maximum where the instrument has none', () => {
    expect(codes({ instrument: { maxQuantity: null } })).toEqual([])
  })

  it('R05 is off by default and binds at > the limit', () => {
    expect(codes({}, { strategy: { maxOrderQuantity: '1.99' } })).toEqual(['MAX_ORDER_QTY'])
    expect(codes({}, { strategy: { maxOrderQuantity: '2' } })).toEqual([])
  })
})
