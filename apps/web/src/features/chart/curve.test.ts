import { describe, expect, it } from 'vitest'
import { dateOnCurve, deepest, isInZone, monthlyReturns, toCurve, yearReturn } from './curve.ts'

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

describe('dateOnCurve', () => {
  it('puts an instant on its day, or on the next point where the day has none', () => {
    expect(dateOnCurve('2026-01-15T22:10:00Z', curve)).toBe('2026-01-15')
    expect(dateOnCurve('2026-01-16T00:00:00Z', curve)).toBe('2026-01-31')
  })

  it('puts it on the next hour of a curve of hours, and nowhere after its end', () => {
    const hours = [{ date: '2026-01-15T10:00:00Z' }, { date: '2026-01-15T11:00:00Z' }]
    expect(dateOnCurve('2026-01-15T10:00:01Z', hours)).toBe('2026-01-15T11:00:00Z')
    expect(dateOnCurve('2026-01-15T11:00:01Z', hours)).toBeUndefined()
    expect(dateOnCurve('2026-01-15T11:00:01Z', [])).toBeUndefined()
  })
})

describe('isInZone', () => {
  it('counts both ends of a fall, and everything after the peak of one that still lasts', () => {
    const zones = [
      { from: '2025-02-01', to: '2025-02-10' },
      { from: '2026-01-05', to: null },
    ]
    const inside = ['2025-02-01', '2025-02-10', '2026-01-05', '2030-01-01']
    const outside = ['2025-01-31', '2025-02-11', '2026-01-04']
    expect(inside.filter((day) => isInZone(day, zones))).toEqual(inside)
    expect(outside.filter((day) => isInZone(day, zones))).toEqual([])
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
