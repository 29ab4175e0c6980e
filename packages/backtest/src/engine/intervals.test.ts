import { annualReturn, createRandom, maxDrawdownOfReturns, sharpe, sortino } from '@quantdeck/risk'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breakdownOf, ROLLING_DAYS } from './breakdown.ts'
import { headlineFigures, metricIntervals } from './intervals.ts'

describe('intervals of a run', () => {
  it('count with the same figures as everywhere else', () => {
    const returns = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), {
      minLength: 10,
      maxLength: 60,
    })
    fc.assert(
      fc.property(returns, (list) => {
        const draw = Float64Array.from(list, (value) => Math.round(value * 1e4) / 1e4)
        const expected = [annualReturn(draw), sharpe(draw), sortino(draw), maxDrawdownOfReturns(draw)]
        headlineFigures(draw).forEach((value, i) => {
          const other = expected[i] ?? null
          if (other === null) expect(value).toBeNull()
          else
            expect(Math.abs((value ?? Number.NaN) - other)).toBeLessThanOrEqual(
              1e-9 * Math.max(1, Math.abs(other)),
            )
        })
      }),
    )
  })

  it('hold the point between them, repeat, and are undefined for a handful of days', () => {
    const random = createRandom(4)
    const returns = Float64Array.from({ length: 400 }, () => (random() - 0.46) / 60)
    const intervals = metricIntervals(returns)
    expect(metricIntervals(returns)).toEqual(intervals)
    const point = sharpe(returns) ?? Number.NaN
    expect(intervals.sharpe?.low).toBeLessThan(point)
    expect(intervals.sharpe?.high).toBeGreaterThan(point)
    expect(intervals.maxDrawdown?.high).toBeLessThanOrEqual(0)
    expect(metricIntervals(returns.subarray(0, 5))).toEqual({
      annualReturn: null,
      sharpe: null,
      sortino: null,
      maxDrawdown: null,
    })
  })
})

describe('the breakdown of a curve', () => {
  it('names the days of its falls and compounds its months to its years', () => {
    const day = (i: number): string =>
      new Date(Date.UTC(2025, 11, 1) + i * 86_400_000).toISOString().slice(0, 10)
    const values = Array.from({ length: 100 }, (_, i) => 1000 + 10 * i - (i > 20 && i < 40 ? 150 : 0))
    const curve = values.map((equity, i) => ({ date: day(i), t: Date.parse(day(i)), equity }))
    const { drawdowns, monthly, annual, rollingSharpe } = breakdownOf(curve)
    expect(drawdowns[0]).toMatchObject({
      peakDate: day(20),
      troughDate: day(21),
      recoveryDate: day(35),
      days: 15,
    })
    expect(drawdowns[0]?.depth).toBeCloseTo(1060 / 1200 - 1, 12)
    const total = (rows: { return: number }[]): number =>
      rows.reduce((growth, row) => growth * (1 + row.return), 1)
    expect(total(monthly)).toBeCloseTo(values.at(-1)! / 1000, 12)
    expect(total(annual)).toBeCloseTo(total(monthly), 12)
    expect(rollingSharpe).toHaveLength(100 - ROLLING_DAYS)
    expect(rollingSharpe.at(-1)?.date).toBe(day(99))
  })
})
