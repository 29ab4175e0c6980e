import { describe, expect, it } from 'vitest'
import { inferDecimalSign, isMissing, parseNumber } from './numbers.ts'

describe('parseNumber', () => {
  it.each([
    ['$4,008.70', '4008.70'],
    ['1,234,567', '1234567'],
    ['  -0.5 ', '-0.5'],
    ['007.5', '7.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1.2M', '1200000'],
    ['3.5k', '3500'],
    ['1.2E+05', '120000'],
    ['2.5e-3', '0.0025'],
    ['COP 4,008.70', '4008.70'],
    ["1'234.50", '1234.50'],
    ['-0.00', '0.00'],
    ['123456789012345678901.123456789', '123456789012345678901.123456789'],
  ])('reads %s as %s without rounding', (cell, value) => {
    expect(parseNumber(cell, 'point')).toBe(value)
  })

  it.each([
    ['1.234,56', '1234.56'],
    ['€ 1.234.567,8', '1234567.8'],
    ['1 234,56', '1234.56'],
    ['0,5', '0.5'],
  ])('reads European %s as %s', (cell, value) => {
    expect(parseNumber(cell, 'comma')).toBe(value)
  })

  it.each([
    'abc',
    '1,23.4',
    '1.2.3',
    '12,34',
    '1-2',
    '5%',
    '0x10',
    'Infinity',
    '1e9999',
    '1e300',
    '0.1234567890123456789',
    '',
    '$',
    'M',
  ])('refuses %s', (cell) => {
    expect(parseNumber(cell, 'point')).toBeNull()
  })
})

describe('inferDecimalSign', () => {
  it.each([
    ['both signs in one cell', ['4,008.70'], false, 'point'],
    ['the other order', ['1.234,56'], true, 'comma'],
    ['a comma that cannot group thousands', ['1,0716', '1,072'], false, 'comma'],
    ['plain decimals', ['1.0716', '1.072'], false, 'point'],
    ['the majority, so that one dirty cell decides nothing', ['1.5', '1.25', '3,1'], true, 'point'],
    ['whole numbers', ['100', '101'], false, 'point'],
    ['quoted thousands in a comma-separated file', ['1,234', '2,345'], true, 'point'],
    ['nothing, where both readings are possible', ['1,234', '2,345'], false, null],
  ] as const)('decides by %s', (_title, cells, commaSeparated, sign) => {
    expect(inferDecimalSign(cells, commaSeparated)).toBe(sign)
  })
})

describe('isMissing', () => {
  it('knows the usual ways to say nothing', () => {
    expect(['', ' ', 'NA', 'n/a', 'NaN', 'null', '-'].every(isMissing)).toBe(true)
    expect(isMissing('0')).toBe(false)
  })
})
