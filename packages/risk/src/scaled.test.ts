import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatScaled, ratioForDisplay, toScaled, toScaledOrNull } from './scaled.ts'

describe('scaled decimals', () => {
  it.each([
    ['0', 0n],
    ['1', 10n ** 18n],
    ['-0', 0n],
    ['-1234567890123456.5', -12345678901234565n * 10n ** 17n],
    ['-0.05', -5n * 10n ** 16n],
    ['0.000000000000000001', 1n],
    ['123456789012345678901234567890.5', 1234567890123456789012345678905n * 10n ** 17n],
  ])('%s becomes an exact count of 1e-18', (text, expected) => {
    expect(toScaled(text)).toBe(expected)
  })

  it.each([
    '',
    ' 1',
    '1e3',
    '.5',
    '1.',
    '+1',
    'NaN',
    'Infinity',
    '0x10',
    '0.0000000000000000001',
    '1,5',
    '-',
    '.',
    '1.2.3',
    '1-2',
  ])('refuses %j', (text) => {
    expect(() => toScaled(text)).toThrow(RangeError)
  })

  it('keeps null', () => {
    expect(toScaledOrNull(null)).toBeNull()
    expect(toScaledOrNull('2')).toBe(2n * 10n ** 18n)
  })

  it('formats without trailing zeros, cuts towards zero, never -0', () => {
    expect(formatScaled(toScaled('-1.50'))).toBe('-1.5')
    expect(formatScaled(toScaled('0.129'), 1, 2)).toBe('0.12')
    expect(formatScaled(toScaled('-0.001'), 1, 2)).toBe('0')
    expect(formatScaled(toScaled('2.5') * toScaled('4'), 2)).toBe('10')
  })

  it('reads back what it wrote, for any value', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (value) => {
        expect(toScaled(formatScaled(value))).toBe(value)
      }),
    )
  })

  it('has no ratio of nothing', () => {
    expect(ratioForDisplay(1n, 0n)).toBeNull()
    expect(ratioForDisplay(1n, 4n)).toBe(toScaled('0.25'))
  })
})
