import { Decimal } from '@quantdeck/domain'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runsOf } from '../test/runs.ts'
import {
  abs,
  compare,
  compareProducts,
  exact,
  exactOrNull,
  format,
  isMultiple,
  minus,
  negate,
  plus,
  productQuotient,
  quotient,
  sign,
  times,
  whole,
} from './exact.ts'

/** Plain decimals of every kind: short, long, beyond what a double holds, negative, with zeros at the end. */
const decimal = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.nat(100).map(String),
      fc.nat(2 ** 31).map(String),
      fc.bigInt(0n, 10n ** 16n).map(String),
      fc.bigInt(0n, 10n ** 29n).map(String),
    ),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9]{1,2}$/), fc.stringMatching(/^[0-9]{1,18}$/)),
  )
  .map(
    ([negative, units, fraction]) => `${negative ? '-' : ''}${units}${fraction === '' ? '' : `.${fraction}`}`,
  )

const WIDE = Decimal.clone({ precision: 200 })
const wide = (text: string) => new WIDE(text)
/** The text that decimal.js would give, without "-0". */
const plain = (value: Decimal): string => (value.isZero() ? '0' : value.toFixed())
const all = (value: ReturnType<typeof exact>): string => format(value, 60)
const holds = (property: (a: string, b: string) => void): void =>
  fc.assert(fc.property(decimal, decimal, property), { numRuns: runsOf(2_000) })

describe('reading', () => {
  it.each([
    '0',
    '1',
    '-1234567890123456.5',
    '-0.05',
    '0.000000000000000001',
    '123456789012345678901234567890.5',
  ])('takes %s as it is', (text) => expect(all(exact(text))).toBe(text))

  it.each([
    ...['', ' 1', '1 ', '1e3', '.5', '1.', '+1', 'NaN', 'Infinity', '0x10', '1,5', '-', '.', '-.', '-.5'],
    ...['1.2.3', '1-2', '0.0000000000000000001', '1:2', '1/2'],
  ])('refuses %j', (text) => {
    expect(() => exact(text)).toThrow(RangeError)
    expect(() => exact(text)).toThrow(JSON.stringify(text))
  })

  it('keeps null', () => {
    expect(exactOrNull(null)).toBeNull()
    expect(all(exactOrNull('2') ?? whole(0))).toBe('2')
  })

  it('knows no negative zero', () => {
    for (const zero of ['-0', '-0.00', '-0.000000000000000000'])
      expect([all(exact(zero)), sign(exact(zero)), all(negate(exact(zero)))]).toEqual(['0', 0, '0'])
  })

  it('reads 15 digits as a number and 16 as a big integer, both exactly', () => {
    expect([exact('999999999999999').big, exact('9999999999999999').big]).toEqual([
      null,
      9_999_999_999_999_999n,
    ])
    expect(exact('-9999999999999.99')).toEqual({ units: -999_999_999_999_999, places: 2, big: null })
  })
})

describe('arithmetic equals that of decimal.js with 200 digits', () => {
  it('adding and subtracting', () => {
    holds((a, b) => {
      expect(all(plus(exact(a), exact(b)))).toBe(plain(wide(a).plus(b)))
      expect(all(minus(exact(a), exact(b)))).toBe(plain(wide(a).minus(b)))
    })
  })

  it('multiplying, again and again', () => {
    holds((a, b) => {
      const product = times(exact(a), exact(b))
      expect(all(product)).toBe(plain(wide(a).times(b)))
      expect(format(times(product, exact(a)), 90)).toBe(plain(wide(a).times(b).times(a)))
    })
  })

  it('comparing, also where two values differ in the last digit only', () => {
    holds((a, b) => {
      expect(Math.sign(compare(exact(a), exact(b)))).toBe(wide(a).cmp(b))
      const hair = exact('0.000000000000000001')
      for (const value of [exact(a), times(exact(a), exact(b))]) {
        expect(compare(value, plus(value, hair))).toBeLessThan(0)
        expect(compare(plus(value, hair), value)).toBeGreaterThan(0)
        expect(compare(plus(value, hair), plus(hair, value))).toBe(0)
      }
    })
  })

  it('sign, opposite and size', () => {
    holds((a) => {
      expect(sign(exact(a))).toBe(wide(a).isZero() ? 0 : wide(a).s)
      expect(all(negate(exact(a)))).toBe(plain(wide(a).neg()))
      expect(all(abs(exact(a)))).toBe(plain(wide(a).abs()))
    })
  })

  it('multiples of a step', () => {
    holds((a, b) => {
      fc.pre(!wide(b).isZero())
      const step = abs(exact(b))
      expect(isMultiple(exact(a), step)).toBe(wide(a).mod(b).isZero())
      expect(isMultiple(times(exact(a), step), step)).toBe(wide(a).isInteger())
    })
  })

  it('a quotient is cut towards zero', () => {
    fc.assert(
      fc.property(decimal, decimal, fc.nat(20), (a, b, places) => {
        fc.pre(!wide(b).isZero())
        const expected = wide(a).div(b).toDecimalPlaces(places, Decimal.ROUND_DOWN)
        expect(all(quotient(exact(a), exact(b), places))).toBe(plain(expected))
      }),
      { numRuns: runsOf(2_000) },
    )
  })

  it('comparing products, also of equal ones and of those that differ in the last digit only', () => {
    const hair = exact('0.000000000000000001')
    holds((a, b) => {
      const [left, right] = [exact(a), exact(b)]
      expect(Math.sign(compareProducts(left, right, right, whole(3)))).toBe(
        wide(a).times(b).cmp(wide(b).times(3)),
      )
      expect(compareProducts(left, right, right, left)).toBe(0)
      const step = wide(b).isZero() ? 0 : wide(b).s
      expect(Math.sign(compareProducts(plus(left, hair), right, right, left))).toBe(step)
      expect(Math.sign(compareProducts(right, left, plus(left, hair), right))).toBe(0 - step)
    })
  })

  it('the quotient of a product is cut towards zero, also next to a whole number', () => {
    const hair = exact('0.000000000000000001')
    fc.assert(
      fc.property(decimal, decimal, decimal, fc.nat(20), (a, b, c, places) => {
        fc.pre(!wide(c).isZero())
        const cut = (product: Decimal) => plain(product.div(c).toDecimalPlaces(places, Decimal.ROUND_DOWN))
        const shown = (x: typeof hair, y: typeof hair) => all(productQuotient(x, y, exact(c), places))
        expect(shown(exact(a), exact(b))).toBe(cut(wide(a).times(b)))
        expect(shown(exact(a), exact(c))).toBe(cut(wide(a).times(c)))
        for (const near of [plus(exact(a), hair), minus(exact(a), hair)])
          expect(shown(near, exact(c))).toBe(cut(wide(all(near)).times(c)))
      }),
      { numRuns: runsOf(2_000) },
    )
  })

  it('a text is cut towards zero', () => {
    fc.assert(
      fc.property(decimal, fc.nat(20), (a, places) => {
        expect(format(exact(a), places)).toBe(plain(wide(a).toDecimalPlaces(places, Decimal.ROUND_DOWN)))
      }),
      { numRuns: runsOf(2_000) },
    )
  })
})

describe('at the edge of what a double holds', () => {
  const MAX = String(Number.MAX_SAFE_INTEGER)

  it('the largest safe integer stays a number, one more does not', () => {
    expect(plus(whole(Number.MAX_SAFE_INTEGER - 1), whole(1))).toEqual({
      units: Number.MAX_SAFE_INTEGER,
      places: 0,
      big: null,
    })
    expect(all(plus(whole(Number.MAX_SAFE_INTEGER), whole(2)))).toBe('9007199254740993')
    expect(all(minus(whole(-Number.MAX_SAFE_INTEGER), whole(2)))).toBe('-9007199254740993')
  })

  it('neither operand is scaled beyond it', () => {
    expect(all(plus(exact('90071992547409.93'), exact('0.001')))).toBe('90071992547409.931')
    expect(all(plus(exact('0.001'), exact('90071992547409.93')))).toBe('90071992547409.931')
    expect(isMultiple(exact('900719925474099'), exact('0.003'))).toBe(true)
    expect(isMultiple(exact('900719925474099.1'), exact('0.003'))).toBe(false)
    // As doubles it is the other way round.
    expect(isMultiple(exact('900719925474009'), exact('0.003'))).toBe(true)
    expect(isMultiple(exact('900719925474000'), exact('0.007'))).toBe(false)
    expect(isMultiple(exact('0.000000000000000001'), exact('900719925474099'))).toBe(false)
  })

  it('a text has all digits and no zero behind them', () => {
    expect(['2147483647.5', '2147483648.5', '-2147483648.25'].map((text) => format(exact(text)))).toEqual([
      '2147483647.5',
      '2147483648.5',
      '-2147483648.25',
    ])
    expect(['1.2147483647', '1.2147483648', '-0.2147483649'].map((text) => format(exact(text)))).toEqual([
      '1.2147483647',
      '1.2147483648',
      '-0.2147483649',
    ])
    expect(
      ['7.00', '-70.0500', '0.00000010', '-0.000000', '100.10'].map((text) => format(exact(text))),
    ).toEqual(['7', '-70.05', '0.0000001', '0', '100.1'])
  })

  it('a product is not rounded', () => {
    expect(all(times(exact('94906267'), exact('94906267')))).toBe('9007199515875289')
    expect(all(times(exact(MAX), exact(MAX)))).toBe(plain(wide(MAX).times(MAX)))
  })

  it('a quotient is not rounded up', () => {
    expect(all(quotient(exact('999999999999999'), exact('10'), 0))).toBe('99999999999999')
    expect(all(quotient(exact('-999999999999999'), exact('1000'), 2))).toBe('-999999999999.99')
    expect(all(quotient(exact('1'), exact('3'), 18))).toBe('0.333333333333333333')
    expect(all(quotient(exact('9999999999.99999999'), exact('1000.0000000000'), 3))).toBe('9999999.999')
    expect(all(quotient(exact('-12345.678901234'), exact('98765.4321098765'), 6))).toBe('-0.124999')
  })

  it('refuses to divide by 0, whatever the size', () => {
    for (const dividend of ['0', '1', '123456789012345678901234567890.5']) {
      expect(() => quotient(exact(dividend), whole(0), 4)).toThrow(RangeError)
      expect(() => productQuotient(exact(dividend), whole(2), whole(0), 4)).toThrow(RangeError)
    }
  })
})
