import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLimit, showLimit, toFractionText, toPercentText } from './limit-fields.ts'

describe('a limit as a person reads and types it', () => {
  it('is a percentage where the contract has a fraction, digit by digit', () => {
    expect(toPercentText('0.15')).toBe('15')
    expect(toPercentText('0.025')).toBe('2.5')
    expect(toPercentText('1')).toBe('100')
    expect(toFractionText('2.5')).toBe('0.025')
    expect(toFractionText('15')).toBe('0.15')
    expect(toFractionText('100')).toBe('1')
    expect(toFractionText('0.1')).toBe('0.001')
  })

  it('comes back as it was from every fraction', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (units) => {
        const fraction = (units / 100_000).toFixed(5).replace(/\.?0+$/, '')
        expect(toFractionText(toPercentText(fraction))).toBe(fraction)
      }),
    )
  })

  it('is no limit when it is no number', () => {
    expect(readLimit('fraction', 'ten')).toBeUndefined()
    expect(readLimit('count', '-3')).toBeUndefined()
    expect(readLimit('fraction', '7,5')).toBe('0.075')
    expect(readLimit('count', '12')).toBe(12)
    expect(readLimit('symbols', 'AAPL, MSFT')).toEqual(['AAPL', 'MSFT'])
    expect(showLimit('usd', null)).toBe('')
  })
})
