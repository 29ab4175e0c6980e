import { describe, expect, it } from 'vitest'
import * as m from './index.ts'

const DAY_MS = 86_400_000
const perPeriod = { periodsPerYear: 1 }
const two = [0.1, -0.05]

describe('the fewest observations that give a figure', () => {
  it.each<[string, () => number | null, number]>([
    ['an annual return where everything was lost', () => m.annualReturn([-1]), -1],
    [
      'an annual return counts missing rows as periods',
      () => m.annualReturn([0.21, Number.NaN], perPeriod),
      0.1,
    ],
    ['alpha of two', () => m.alpha([0.02, 0.04], [0.01, 0.02]), 0],
    ['the Sharpe ratio of two', () => m.sharpe([0.1, 0.3], perPeriod), Math.SQRT2],
    ['the Sharpe ratio of a population', () => m.sharpe([0.1, 0.3], { ...perPeriod, ddof: 0 }), 2],
    ['the Sortino ratio of two', () => m.sortino(two, perPeriod), 0.025 / (0.05 / Math.SQRT2)],
    ['downside by losses without one', () => m.downsideDeviation([0, 0.1], { divisor: 'losses' }), 0],
    ['SQN of two', () => m.sqn([1, 3]), 2],
    ['stability of two', () => m.stability([0.1, 0.2]), 1],
    ['skew of three', () => m.skew([0, 0, 3]), Math.sqrt(3)],
    ['kurtosis of four', () => m.kurtosis([0, 0, 0, 4]), 4],
    ['the ulcer index of one', () => m.ulcerIndex([-0.2]), 0.2],
    ['the deviation of one loss', () => m.lossDeviation([-0.2]), 0],
    ['volatility of a population', () => m.volatility([0.1, 0.3], { ...perPeriod, ddof: 0 }), 0.1],
    ['growth to nothing', () => m.cagr(100, 0, 0, 365.25 * DAY_MS) ?? Number.NaN, -1],
    ['growth of two years', () => m.cagr(100, 121, 0, 2 * 365.25 * DAY_MS), 0.1],
    ['growth of two years of 360 days', () => m.cagr(100, 121, DAY_MS, 721 * DAY_MS, 360), 0.1],
  ])('%s', (_, metric, expected) => expect(metric()).toBeCloseTo(expected, 12))

  it.each<[string, () => number | null]>([
    ['growth from nothing', () => m.cagr(0, 1, 0, DAY_MS)],
    ['growth from debt', () => m.cagr(-1, 1, 0, 365.25 * DAY_MS)],
    ['growth into debt', () => m.cagr(1, -0.1, 0, 365.25 * DAY_MS)],
    ['a loss in no time', () => m.cagr(2, 1, DAY_MS, DAY_MS)],
    ['a Martin ratio after more than everything was lost', () => m.martinRatio([-2.5])],
    ['a figure over none', () => m.ratio(1, null)],
    ['no figure over one', () => m.ratio(null, 1)],
    ['a figure over 0', () => m.ratio(1, 0)],
    ['growth backwards', () => m.cagr(1, 2, DAY_MS, 0)],
    ['the ulcer index of a sample of one', () => m.ulcerIndex([-0.2], 1)],
    ['the sample deviation of one loss', () => m.lossDeviation([-0.2], { ddof: 1 })],
    ['skew of two', () => m.skew([1, 2])],
    ['skew of one', () => m.skew([1])],
    ['skew of none', () => m.skew([])],
    ['skew without variation, but for rounding', () => m.skew([0.1, 0.1, 0.1])],
    ['kurtosis of three', () => m.kurtosis([1, 2, 4])],
    ['kurtosis of two', () => m.kurtosis([1, 2])],
    ['kurtosis of one', () => m.kurtosis([1])],
    ['kurtosis of none', () => m.kurtosis([])],
    ['kurtosis without variation, but for rounding', () => m.kurtosis([0.1, 0.1, 0.1, 0.1, 0.1, 0.1])],
    ['a Sharpe ratio without variation, but for rounding', () => m.sharpe([0.1, 0.1, 0.1])],
    ['a Sharpe ratio of one', () => m.sharpe([0.1], { ddof: 0 })],
    ['stability of none', () => m.stability([])],
    ['a Sharpe ratio judged on nothing', () => m.probabilisticSharpe([])],
    ['a Sharpe ratio judged on two returns', () => m.probabilisticSharpe([0.1, 0.3])],
    ['expectancy per risk of nothing', () => m.expectancyRatio([])],
    ['SQN of one', () => m.sqn([1])],
    ['a Calmar ratio without growth', () => m.calmarOf(null, -0.1)],
    ['a Calmar ratio without points', () => m.calmarOf(0.1, null)],
    ['a rate below minus everything', () => m.ratePerPeriod(-1.5, 12)],
    ['winning periods where nothing moved', () => m.winRate([0, 0], true)],
    ['Kelly without a result', () => m.kelly([])],
    ['an average win without one', () => m.averageWin([0, -1])],
    ['an average loss without one', () => m.averageLoss([0, 1])],
    ['beta against what stands still, but for rounding', () => m.beta([0.1, 0.2, 0.4], [0.1, 0.1, 0.1])],
    ['information of equal distances', () => m.informationRatio([1.5, 1.25, 1], [1, 0.75, 0.5])],
    ['kappa of nothing', () => m.kappa([], 2)],
    ['Kelly without a win', () => m.kelly([-1])],
  ])('%s is none', (_, metric) => expect(metric()).toBeNull())
})

describe('results of exactly 0', () => {
  it('are neither wins nor losses', () => {
    expect([m.averageWin([0, 2, 4]), m.averageLoss([0, -2, -4])]).toEqual([3, -3])
    expect([m.profitFactor([0, 2, -1]), m.omega([0, 2, -1])]).toEqual([2, 2])
    expect([m.profitFactor([0, 2]), m.omega([0, 2])]).toEqual([null, null])
    expect(m.downsideDeviation([0, -0.1], { ...perPeriod, divisor: 'losses' })).toBeCloseTo(0.1, 12)
    expect(m.lossDeviation([0, -0.1, -0.3], perPeriod)).toBeCloseTo(0.1, 12)
    expect(m.losingRuns([0.1, 0.1, 0, 0.1])).toEqual([])
    expect(m.losingRuns([-0.1, 0, -0.1])).toEqual([expect.closeTo(-0.1, 12), expect.closeTo(-0.1, 12)])
  })

  it('of a benchmark are neither a rise nor a fall', () => {
    const [own, its] = [
      [0.02, 0.5, -0.02],
      [0.01, 0, -0.04],
    ]
    expect(m.capture(own, its, 'up', perPeriod)).toBeCloseTo(2, 12)
    expect(m.capture(own, its, 'down', perPeriod)).toBeCloseTo(0.5, 12)
  })
})

describe('missing observations', () => {
  const gappy = [Number.NaN, 0.1, Number.NaN, -0.05, Number.NaN]

  it('leave the others as they are', () => {
    expect([...m.present(gappy)]).toEqual(two)
    expect([...m.present(Float64Array.from(gappy))]).toEqual(two)
    const whole = Float64Array.from(two)
    expect(m.present(whole)).toBe(whole)
    for (const metric of [m.sharpe, m.sortino, m.totalReturn, m.mean, m.winRate, m.kelly, m.sqn, m.omega])
      expect(metric(gappy)).toBe(metric(two))
  })

  it('of a rate leave the row out, and a rate is taken off row by row', () => {
    expect([...m.excess([1, 2, 3], [0.5, Number.NaN, 1])]).toEqual([0.5, 2])
    expect([...m.excess([1, Number.NaN, 3], 1)]).toEqual([0, 2])
    expect([...m.excess([1, 2], 0)]).toEqual([1, 2])
    const doubles = Float64Array.of(1, 2)
    expect(m.excess(doubles)).toBe(doubles)
  })

  it('of a cumulated series count as 0', () => {
    expect([...m.cumulativeReturns([0.1, Number.NaN, 0.1])]).toEqual(
      [0.1, 0.1, 0.21].map((v) => expect.closeTo(v, 12)),
    )
    expect([...m.cumulativeReturns([0.1, Number.NaN, 0.1], 100)]).toEqual(
      [110, 110, 121].map((v) => expect.closeTo(v, 10)),
    )
  })

  it('of two series are those of either, and the longer one ends with the shorter', () => {
    const { r, b } = m.paired([1, 2, Number.NaN], [3, 4, 5, 6])
    expect([[...r], [...b]]).toEqual([
      [1, 2],
      [3, 4],
    ])
    const other = m.paired([1, 2, 3], [4, 5])
    expect([[...other.r], [...other.b]]).toEqual([
      [1, 2],
      [4, 5],
    ])
  })
})

describe('conventions', () => {
  it('a year has 252 periods unless another count is given', () => {
    const year = { periodsPerYear: 252 }
    const series = [0.05, -0.01, 0.02, -0.04]
    for (const metric of [
      m.annualReturn,
      m.annualReturnArithmetic,
      m.volatility,
      m.sharpe,
      m.sortino,
    ] as const) {
      expect(metric(series)).toBe(metric(series, year))
      expect(metric(series)).not.toBe(metric(series, perPeriod))
    }
    for (const metric of [m.downsideDeviation, m.lossDeviation, m.calmar, m.martinRatio] as const) {
      expect(metric(series)).toBe(metric(series, year))
      expect(metric(series)).not.toBe(metric(series, perPeriod))
    }
  })

  it('a ratio beyond a rate is that of the returns less the rate', () => {
    const series = [0.05, -0.01, 0.02, -0.04]
    const less = series.map((value) => value - 0.01)
    const beyond = { riskFree: 0.01 }
    expect(m.sharpe(series, beyond)).toBe(m.sharpe(less))
    expect(m.sortino(series, beyond)).toBe(m.sortino(less))
    expect(m.sortino(series, { ...beyond, divisor: 'losses' })).toBe(m.sortino(less, { divisor: 'losses' }))
    expect(m.sortino(series, { ...beyond, divisor: 'loss_deviation' })).toBe(
      m.sortino(less, { divisor: 'loss_deviation' }),
    )
    expect(m.sortino(series, { divisor: 'loss_deviation', ddof: 1 })).toBeLessThan(
      m.sortino(series, { divisor: 'loss_deviation' }) ?? Number.NaN,
    )
    expect(m.omega(series, beyond)).toBe(m.omega(less))
    expect(m.downsideDeviation(series, beyond)).toBe(m.downsideDeviation(less))
    expect(m.lossDeviation(series, beyond)).toBe(m.lossDeviation(less))
    for (const metric of [
      m.downsidePotential,
      m.upsidePotential,
      m.upsideRisk,
      m.downsideFrequency,
      m.upsideFrequency,
    ])
      expect(metric(series, 0.01)).toBe(metric(less))
  })

  it('a rate a year is compounded', () => {
    expect(m.ratePerPeriod(0.21, 2)).toBeCloseTo(0.1, 12)
    expect(m.ratePerPeriod(-0.99, 2)).toBeCloseTo(-0.9, 12)
  })
})

describe('quantiles and tails', () => {
  it('lie between the values in order, the ends included', () => {
    expect([0, 0.25, 0.3, 0.5, 1].map((share) => m.quantile([4, 2, 1, 3, 5], share))).toEqual([
      1, 2, 2.2, 3, 5,
    ])
    expect(m.quantile([7], 0.3)).toBe(7)
    expect(m.quantile([], 0.3)).toBeNull()
  })

  it('average the lowest returns, as many as the share asks for', () => {
    const series = [5, -3, 1, -1, 4, -2, 0, 2, 3, -4, -5]
    expect(m.conditionalValueAtRisk(series)).toBe(-5)
    expect(m.conditionalValueAtRisk(series, 0.1)).toBe(-4.5)
    expect(m.conditionalValueAtRisk(series, 0.29)).toBe(-4)
    expect(m.conditionalValueAtRisk(series, 0.25, 'below_var')).toBe(-4)
    expect(m.conditionalValueAtRisk(series, 0.2, 'below_var')).toBe(-4)
    const ties = [-3, -1, 2, -1, -1]
    expect([m.conditionalValueAtRisk(ties, 0.25), m.conditionalValueAtRisk(ties, 0.25, 'below_var')]).toEqual(
      [-2, -1.5],
    )
    expect(m.conditionalValueAtRisk([], 0.2, 'below_var')).toBeNull()
  })
})

describe('windows', () => {
  it('are the full ones, oldest first', () => {
    const sums = (window: number) =>
      m.rolling([1, 2, 3, 4], window, (slice) => slice.reduce((a, b) => a + b, 0))
    expect(sums(2)).toEqual([3, 5, 7])
    expect(sums(4)).toEqual([10])
    expect(sums(5)).toEqual([])
  })

  it('have their own Sharpe ratio by the convention, and their own start of a drawdown', () => {
    const series = [0.1, 0.3, 0.1, -0.5]
    expect(m.rollingSharpe(series, 2, perPeriod)[0]).toBeCloseTo(Math.SQRT2, 12)
    expect(m.rollingSharpe(series, 3)).toHaveLength(2)
    expect(m.rollingMaxDrawdown(series, 2)).toEqual([0, expect.closeTo(0, 12), -0.5])
  })
})

describe('drawdowns', () => {
  it('are of nothing where there was never anything, and end where the peak is reached again', () => {
    expect([...m.drawdowns([0, 0, 5, 4])]).toEqual([0, 0, 0, expect.closeTo(-0.2, 12)])
    expect([...m.drawdowns([-1, -2])]).toEqual([0, 0])
    expect([...m.drawdownsOfReturns([-0.1, 0.2, -0.5])]).toEqual(
      [-0.1, 0, -0.5].map((v) => expect.closeTo(v, 12)),
    )
    expect(m.drawdownSpans([10, 9, 10, 8, 10])).toEqual([
      { depth: expect.closeTo(-0.1, 12), peakIndex: 0, troughIndex: 1, recoveryIndex: 2 },
      { depth: expect.closeTo(-0.2, 12), peakIndex: 2, troughIndex: 3, recoveryIndex: 4 },
    ])
    expect(m.drawdownSpans([10, 8, 9, 8])).toEqual([
      { depth: expect.closeTo(-0.2, 12), peakIndex: 0, troughIndex: 1, recoveryIndex: null },
    ])
  })

  it('are listed deepest first, five unless another count is given', () => {
    const zigzag = [100, 99, 100, 95, 100, 98, 100, 97, 100, 94, 100, 96, 100]
    const depths = (count?: number) =>
      m.topDrawdowns(zigzag, count).map(({ depth }) => Math.round(depth * 100))
    expect(depths()).toEqual([-6, -5, -4, -3, -2])
    expect(depths(2)).toEqual([-6, -5])
    expect(depths(9)).toHaveLength(6)
  })

  it('last to the last point where they are not over', () => {
    expect(m.longestDrawdownMs([10, 9, 10, 9, 9, 9], [0, 1, 2, 3, 5, 8])).toBe(6)
    expect(m.longestDrawdownMs([10, 9, 9, 10, 9], [1, 2, 5, 8, 9])).toBe(7)
  })

  it('count for Burke as deep as they are, each once', () => {
    const falls = [-0.1, -0.1, 0.5, -0.2, 0.3]
    const growth = m.annualReturn(falls, perPeriod) ?? Number.NaN
    expect(m.burkeRatio(falls, perPeriod)).toBeCloseTo(growth / Math.hypot(0.19, 0.2), 12)
    expect(m.burkeRatio(falls, { ...perPeriod, drawdowns: 'losing_runs_percent' })).toBeCloseTo(
      growth / Math.hypot((1 - 0.999 * 0.999) / 0.01, 0.2),
      12,
    )
    expect(m.burkeRatio([-0.1, -0.1, 0.05, -0.2], { ...perPeriod, modified: false })).toBe(
      m.burkeRatio([-0.1, -0.1, 0.05, -0.2], perPeriod),
    )
  })
})

describe('shares and distances', () => {
  it('are strict on both sides of a rate', () => {
    const series = [0.01, 0.02, 0.01, -0.01]
    expect([m.upsideFrequency(series, 0.01), m.downsideFrequency(series, 0.01)]).toEqual([0.25, 0.25])
    expect(m.upsidePotential(series, 0.01)).toBeCloseTo(0.0025, 12)
    expect(m.downsidePotential(series, 0.01)).toBeCloseTo(0.005, 12)
    expect(m.upsideRisk(series, 0.01)).toBeCloseTo(0.005, 12)
  })

  it('average durations, and returns after a price of nothing are missing', () => {
    expect(m.averageTradeDurationHours([])).toBeNull()
    expect([...m.simpleReturns([2, 3, 0, 1, -1, 2])]).toEqual([0.5, -1, Number.NaN, -2, Number.NaN])
    expect([...m.simpleReturns([])]).toEqual([])
  })
})
