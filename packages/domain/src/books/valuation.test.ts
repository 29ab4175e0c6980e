import { describe, expect, it } from 'vitest'
import { Decimal } from '../money.ts'
import { averageEntryPrice, marketValueUsd, unitValueUsd, unrealized, usdRateOf } from './valuation.ts'

const d = (value: string | number): Decimal => new Decimal(value)
const cop = { symbol: 'USD/COP', currency: 'COP', multiplier: d(1) }
const spx = { symbol: 'SPX', currency: 'USD', multiplier: d(1) }
const short = { quantity: d(-10), costBasis: d(-1000) }

describe('valuation', () => {
  it('values a short: negative market value, profit when the price falls', () => {
    expect(marketValueUsd(short, d(90), spx, d(1)).toFixed()).toBe('-900')
    const { quote, usd, pct } = unrealized(short, d(90), spx, d(1))
    expect([quote.toFixed(), usd.toFixed(), pct.toFixed()]).toEqual(['100', '100', '0.1'])
    expect(averageEntryPrice(short, spx).toFixed()).toBe('100')
  })

  it('is 0 when flat', () => {
    const flat = { quantity: d(0), costBasis: d(0) }
    expect(unrealized(flat, d(90), spx, d(1)).pct.toFixed()).toBe('0')
    expect(averageEntryPrice(flat, spx).toFixed()).toBe('0')
  })

  it('knows the USD rate of USD instruments and of USD/XXX pairs, and of nothing else', () => {
    expect(usdRateOf(spx, d(3000)).toFixed()).toBe('1')
    expect(usdRateOf(cop, d(4000)).toFixed()).toBe('0.00025')
    expect(() => usdRateOf(cop, d(0))).toThrow(RangeError)
    expect(() => usdRateOf({ symbol: 'SX5E', currency: 'EUR' }, d(4000))).toThrow('give one explicitly')
  })

  it('values one unit: a dollar for USD/COP at any price, the price for a stock, or at a rate given', () => {
    expect(unitValueUsd(cop, d('4123.37')).toFixed()).toBe('1')
    expect(unitValueUsd(spx, d('3000.5')).toFixed()).toBe('3000.5')
    expect(unitValueUsd({ ...spx, symbol: 'SX5E', currency: 'EUR' }, d(4000), d('1.1')).toFixed()).toBe(
      '4400',
    )
  })
})
