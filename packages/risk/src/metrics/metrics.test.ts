import { describe, expect, it } from 'vitest'
import * as m from './index.ts'

const DAY_MS = 86_400_000

describe('drawdowns', () => {
  const equity = [100, 110, 99, 104.5, 112, 84, 112, 101.92]
  const times = equity.map((_, i) => i * DAY_MS)

  it('are non-positive and count the starting capital', () => {
    expect([...m.drawdowns([100, 90, 95])]).toEqual([0, 90 / 100 - 1, 95 / 100 - 1])
    expect(m.maxDrawdown([100, 90, 95])).toBeCloseTo(-0.1, 12)
  })

  it('are listed deepest first, with peak, trough and recovery', () => {
    const [first, second, third] = m.topDrawdowns(equity, 3)
    expect(first).toMatchObject({ peakIndex: 4, troughIndex: 5, recoveryIndex: 6 })
    expect(first?.depth).toBeCloseTo(-0.25, 12)
    expect(second).toMatchObject({ peakIndex: 1, troughIndex: 2, recoveryIndex: 4 })
    expect(third?.peakIndex).toBe(6)
    expect(third?.recoveryIndex).toBeNull()
  })

  it('last as long as from the peak to the recovery', () => {
    expect(m.longestDrawdownMs(equity, times)).toBe(3 * DAY_MS)
    expect(m.longestDrawdownMs([1, 2, 3], [0, 1, 2])).toBe(0)
  })

  it('of now end at the last point', () => {
    expect(m.currentDrawdown(equity)).toBeCloseTo(-0.09, 12)
    expect(m.currentDrawdown([])).toBeNull()
  })
})

describe('undefined figures are null, never NaN or Infinity', () => {
  const empty: number[] = []
  const flat = [0.01, 0.01, 0.01, 0.01, 0.01]

  it('without observations', () => {
    const results = [
      m.totalReturn(empty),
      m.annualReturn(empty),
      m.sharpe(empty),
      m.sortino(empty),
      m.maxDrawdown(empty),
      m.winRate(empty),
      m.profitFactor(empty),
      m.expectancy(empty),
      m.averageTradeDurationHours(empty),
      m.valueAtRisk(empty),
      m.best(empty),
      m.cagr(1, 2, 0, 0),
    ]
    expect(results.every((result) => result === null)).toBe(true)
  })

  it('without variation, although the floating sum of equal numbers wobbles', () => {
    expect(m.sharpe(flat)).toBeNull()
    expect(m.skew(flat)).toBeNull()
    expect(m.sqn(flat)).toBeNull()
  })

  it('without a loss', () => {
    expect(m.profitFactor([1, 2])).toBeNull()
    expect(m.sortino([0.01, 0.02])).toBeNull()
    expect(m.omega([0.01])).toBeNull()
  })
})

describe('trade figures', () => {
  it('count a result of exactly zero as no win', () => {
    expect(m.winRate([1, 0, -1, 2])).toBe(0.5)
    expect(m.winRate([1, 0, -1, 2], true)).toBeCloseTo(2 / 3, 12)
  })

  it('average wins, losses and durations', () => {
    expect(m.averageWin([4, 2, -3])).toBe(3)
    expect(m.averageLoss([4, 2, -3, -1])).toBe(-2)
    expect(m.averageTradeDurationHours([3_600_000, 10_800_000])).toBe(2)
  })
})

describe('the normal distribution', () => {
  it('agrees with published values, in the tails too', () => {
    expect(m.normalCdf(0)).toBeCloseTo(0.5, 15)
    expect(m.normalCdf(1.959963984540054)).toBeCloseTo(0.975, 13)
    expect(m.normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 10)
    expect(m.normalQuantile(0.05)).toBeCloseTo(-1.6448536269514722, 12)
    expect(m.normalQuantile(0.9999)).toBeCloseTo(3.719016485455709, 10)
  })
})

describe('a Sharpe ratio judged', () => {
  const random = m.createRandom(3)
  const returns = Float64Array.from({ length: 500 }, () => (random() - 0.45) / 50)

  it('is less believable the more trials it was picked from', () => {
    const single = m.probabilisticSharpe(returns) ?? 0
    const few = m.deflatedSharpe(returns, 10, 0.001) ?? 0
    const many = m.deflatedSharpe(returns, 1000, 0.001) ?? 0
    expect(single).toBeGreaterThan(few)
    expect(few).toBeGreaterThan(many)
    expect(many).toBeGreaterThan(0)
  })

  it('has a bootstrap interval around it that repeats with its seed', () => {
    const point = m.sharpe(returns) ?? 0
    const interval = m.bootstrapInterval(returns, (draw) => m.sharpe(draw), { draws: 300, seed: 5 })
    expect(interval?.low).toBeLessThan(point)
    expect(interval?.high).toBeGreaterThan(point)
    expect(m.bootstrapInterval(returns, (draw) => m.sharpe(draw), { draws: 300, seed: 5 })).toEqual(interval)
  })
})

describe('calendar periods', () => {
  it('compound within UTC months and years', () => {
    const times = ['2025-12-30', '2025-12-31', '2026-01-02'].map((day) => Date.parse(day))
    expect(m.monthlyReturns(times, [0.1, 0.1, -0.5])).toEqual([
      { period: '2025-12', return: 1.1 * 1.1 - 1 },
      { period: '2026-01', return: -0.5 },
    ])
    expect(m.periodOf(Date.parse('2027-01-01'), 'week')).toBe('2026-W53')
  })
})
