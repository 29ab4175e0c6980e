import { describe, expect, it } from 'vitest'
import type * as z from 'zod'
import {
  day,
  dayOrInstant,
  emailInput,
  instant,
  jsonObjectInput,
  lineInput,
  money,
  nonNegativeDecimalInput,
  offsetInstant,
  positiveDecimalInput,
  price,
  reasonInput,
  storedDecimal,
} from './index.ts'

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success

describe('decimal strings', () => {
  it.each(['555.00', '-300.00', '0.00', '100000.00'])('money takes %s', (value) => {
    expect(accepts(money, value)).toBe(true)
  })
  it.each(['555', '555.0', '555.000', '5.55e2', '+1.00', '1,000.00', 'NaN', '', ' 1.00', '1.00\n'])(
    'money refuses %j',
    (value) => {
      expect(accepts(money, value)).toBe(false)
    },
  )
  it('a price keeps the places of its instrument, at least two', () => {
    expect(accepts(price, '4350.25')).toBe(true)
    expect(accepts(price, '1.08765')).toBe(true)
    expect(accepts(price, '4350.2')).toBe(false)
  })
  it('a configured number is echoed as stored', () => {
    expect(['1.5', '-10.5', '-10.0', '2', '0'].every((value) => accepts(storedDecimal, value))).toBe(true)
    expect(['01', '1.', '.5', '1e3', '--1'].some((value) => accepts(storedDecimal, value))).toBe(false)
  })
  it.each(['1', '0.10', '0.00000001', '100000.00', '999999999999999.99999999'])(
    'an amount may be %s',
    (value) => {
      expect(accepts(positiveDecimalInput, value)).toBe(true)
      expect(accepts(nonNegativeDecimalInput, value)).toBe(true)
    },
  )
  it.each(['0', '0.00', '-1', '1e5', '01', '1.123456789', '1000000000000000', '.5', 'Infinity', '١', 5])(
    'an amount above zero may not be %j',
    (value) => {
      expect(accepts(positiveDecimalInput, value)).toBe(false)
    },
  )
  it('zero is an amount where nothing is allowed', () => {
    expect(accepts(nonNegativeDecimalInput, '0')).toBe(true)
    expect(accepts(nonNegativeDecimalInput, '0.00')).toBe(true)
    expect(accepts(nonNegativeDecimalInput, '-0.01')).toBe(false)
  })
})

describe('time', () => {
  it('agrees with the calendar on every day from 1900 to 2199', () => {
    for (let year = 1900; year < 2200; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
        const text = (date: number): string =>
          `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
        expect(accepts(day, text(length)), text(length)).toBe(true)
        expect(accepts(day, text(length + 1)), text(length + 1)).toBe(false)
      }
    }
  })
  it.each(['2024-13-01', '2024-00-10', '2024-01-00', '24-01-01', '0000-01-01', '2024-1-1', '2024-01-01 '])(
    'refuses the day %j',
    (value) => {
      expect(accepts(day, value)).toBe(false)
    },
  )
  it('instants of answers end in Z, those of exchanges have their offset', () => {
    expect(accepts(instant, '2026-01-07T16:30:00Z')).toBe(true)
    expect(accepts(instant, '2026-01-07T16:30:00.123Z')).toBe(true)
    expect(accepts(instant, '2026-01-08T08:00:00-05:00')).toBe(false)
    expect(accepts(offsetInstant, '2026-01-08T08:00:00-05:00')).toBe(true)
    expect(accepts(offsetInstant, '2026-01-08T08:00:00')).toBe(false)
  })
  it('date filters take a day or an instant', () => {
    expect(accepts(dayOrInstant, '2026-01-07')).toBe(true)
    expect(accepts(dayOrInstant, '2026-01-07T16:30:00+00:00')).toBe(true)
    expect(accepts(dayOrInstant, '2026-01-07T25:00:00Z')).toBe(false)
    expect(accepts(dayOrInstant, '2026-01-07T16:30')).toBe(false)
  })
})

describe('text', () => {
  it('refuses what a database cannot store', () => {
    expect(accepts(lineInput(10), 'a\u0000b')).toBe(false)
    expect(accepts(lineInput(10), '\ud800')).toBe(false)
    expect(accepts(lineInput(10), 'two\nlines')).toBe(false)
    expect(accepts(lineInput(10), 'señal 😀')).toBe(true)
  })
  it('a reason is not blank and may have several lines', () => {
    expect(accepts(reasonInput, ' \n ')).toBe(false)
    expect(accepts(reasonInput, 'unusual\nvolatility')).toBe(true)
    expect(accepts(reasonInput, 'x'.repeat(501))).toBe(false)
  })
  it('an e-mail address has one @ and a bounded length', () => {
    expect(accepts(emailInput, 'user@example.com')).toBe(true)
    expect(accepts(emailInput, 'admin@localhost')).toBe(true)
    expect(accepts(emailInput, 'a@b@c')).toBe(false)
    expect(accepts(emailInput, `a@${'b'.repeat(300)}`)).toBe(false)
  })
  it('configuration is JSON that can be stored, of any depth', () => {
    expect(accepts(jsonObjectInput, { a: [1, 'x', null, { b: { c: true } }] })).toBe(true)
    expect(accepts(jsonObjectInput, { a: { b: 'x\u0000' } })).toBe(false)
    expect(accepts(jsonObjectInput, { a: Number.NaN })).toBe(false)
    expect(accepts(jsonObjectInput, { ['k'.repeat(65)]: 1 })).toBe(false)
    expect(accepts(jsonObjectInput, [1])).toBe(false)
  })
})
