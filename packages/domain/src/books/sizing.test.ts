import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from '../money.ts'
import { type EntrySizing, entryQuantity, riskUsd } from './sizing.ts'

const d = (value: string | number): Decimal => new Decimal(value)

const spx: EntrySizing = {
  allocation: d(30_000),
  size: 0.5,
  riskPerTradePct: null,
  entryPrice: d(3000),
  stopPrice: null,
  lot: d('0.01'),
  usdRate: d(1),
  multiplier: d(1),
}

describe('entryQuantity', () => {
  it('takes the fraction of the allocation without a stop', () => {
    expect(entryQuantity(spx).toFixed()).toBe('5')
  })

  it('is bounded by the risk at the stop when that is smaller', () => {
    // 1 % of 30,000 = 300 USD at 100 points of distance: 3 units.
    expect(entryQuantity({ ...spx, riskPerTradePct: d(1), stopPrice: d(2900) }).toFixed()).toBe('3')
  })

  it('treats long and short stops alike and ignores a stop at the entry', () => {
    expect(entryQuantity({ ...spx, riskPerTradePct: d(1), stopPrice: d(3100) }).toFixed()).toBe('3')
    expect(entryQuantity({ ...spx, riskPerTradePct: d(1), stopPrice: d(3000) }).toFixed()).toBe('5')
  })

  it('floors to the lot and gives 0 where nothing fits', () => {
    expect(entryQuantity({ ...spx, lot: d(1), entryPrice: d(4000) }).toFixed()).toBe('3')
    expect(entryQuantity({ ...spx, lot: d(1), entryPrice: d(16_000) }).toFixed()).toBe('0')
  })

  it('sizes USD/COP in dollars, exactly, at any price', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (cents) => {
        const price = d(cents).div(100)
        const usdRate = d(1).div(price)
        const quantity = entryQuantity({
          ...spx,
          allocation: d(20_000),
          entryPrice: price,
          usdRate,
          lot: d(1),
        })
        expect(quantity.toFixed()).toBe('10000')
      }),
    )
  })

  it('gives 0 for an allocation, price, rate or size that is not positive', () => {
    const none = [{ allocation: d(0) }, { entryPrice: d(0) }, { usdRate: d(0) }, { size: 0 }]
    for (const bad of none) expect(entryQuantity({ ...spx, ...bad }).toFixed()).toBe('0')
  })
})

describe('riskUsd', () => {
  const entry = { quantity: d(10), entryPrice: d(100), usdRate: d(1), multiplier: d(1) }

  it('is quantity x distance to the stop in USD', () => {
    expect(riskUsd({ ...entry, stopPrice: d('97.5') }).toFixed()).toBe('25')
    const cop = { quantity: d(1000), entryPrice: d(4000), usdRate: d(1).div(4000), multiplier: d(1) }
    expect(riskUsd({ ...cop, stopPrice: d(3960) }).toFixed()).toBe('10')
  })

  it('is 10 % of the notional without a stop', () => {
    expect(riskUsd({ ...entry, stopPrice: null }).toFixed()).toBe('100')
  })
})
