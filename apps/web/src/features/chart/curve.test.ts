import { describe, expect, it } from 'vitest'
import { deepest, monthlyReturns, toCurve, yearReturn } from './curve.ts'

const curve = toCurve([
  { date: '2025-12-31', value: '100.00' },
  { date: '2026-01-15', value: '120.00' },
  { date: '2026-01-31', value: '110.00' },
  { date: '2026-02-27', value: '99.00' },
])

describe('toCurve', () => {
  it('measures the drawdown from the running peak, in percent and never positive', () => {
    expect(curve.map((point) => Number(point.drawdownPct.toFixed(4)))).toEqual([0, 0, -8.3333, -17.5])
  })

  it('finds the deepest point', () => {
    expect(deepest(curve)?.date).toBe('2026-02-27')
  })
})

describe('monthlyReturns', () => {
  it('compares each month with the end of the month before', () => {
    const rounded = monthlyReturns(curve).map((month) => [
      month.year,
      month.month,
      Number(month.returnPct.toFixed(4)),
    ])
    expect(rounded).toEqual([
      [2025, 11, 0],
      [2026, 0, 10],
      [2026, 1, -10],
    ])
  })

  it('compounds months into the year', () => {
    const year = monthlyReturns(curve).filter((month) => month.year === 2026)
    expect(yearReturn(year)).toBeCloseTo(-1, 10)
  })
})
