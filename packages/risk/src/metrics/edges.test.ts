import { describe, expect, it } from 'vitest'
import * as m from './index.ts'

const empty: number[] = []
const gains = [0.01, 0.02, 0.03]
const mixed = [0.1, -0.05, 0.02, -0.01, 0.03]

describe('metrics without what they need are null', () => {
  it.each<[string, () => unknown]>([
    ['a mean annual return without returns', () => m.annualReturnArithmetic(empty)],
    ['an annual return after more than everything was lost', () => m.annualReturn([-2.5])],
    ['the worst of nothing', () => m.worst(empty)],
    ['the best of nothing', () => m.best(empty)],
    ['a payoff ratio without a win', () => m.payoffRatio([-1])],
    ['a payoff ratio without a loss', () => m.payoffRatio([1])],
    ['beta of one row', () => m.beta([0.1], [0.1])],
    ['beta against what stands still', () => m.beta([0.1, 0.2], [0.1, 0.1])],
    ['alpha of one row', () => m.alpha([0.1], [0.1])],
    ['information without variation', () => m.informationRatio([0.1, 0.2], [0.1, 0.2])],
    ['information without rows', () => m.informationRatio(empty, empty)],
    ['up capture without a rise', () => m.capture([0.1], [-0.1], 'up')],
    ['an interval of nine returns', () => m.bootstrapInterval(mixed, (r) => m.sharpe(r))],
    [
      'an interval of a metric that is undefined',
      () => m.bootstrapInterval([...mixed, ...mixed], () => null),
    ],
    ['a Sharpe ratio judged on three returns', () => m.probabilisticSharpe(gains)],
    ['a Sharpe ratio picked from one trial', () => m.deflatedSharpe(mixed, 1, 0.1)],
    ['a Sharpe ratio of trials with a negative variance', () => m.deflatedSharpe(mixed, 10, -1)],
    ['downside without returns', () => m.downsideDeviation(empty)],
    ['a deviation of losses without one', () => m.lossDeviation(gains)],
    ['expectancy per risk without a loss', () => m.expectancyRatio([1])],
    ['expectancy per risk without a win', () => m.expectancyRatio([-1])],
    ['Kelly without a loss', () => m.kelly([1])],
    ['skew of two values', () => m.skew([1, 2])],
    ['kurtosis of three values', () => m.kurtosis([1, 2, 4])],
    ['kurtosis without variation', () => m.kurtosis([1, 1, 1, 1])],
    ['stability of one return', () => m.stability([0.1])],
    ['stability without movement', () => m.stability([0, 0])],
    ['a tail ratio without returns', () => m.tailRatio(empty)],
    ['the longest drawdown of no points', () => m.longestDrawdownMs(empty, empty)],
    ['an ulcer index without points', () => m.ulcerIndex(empty)],
    ['a pain index without points', () => m.painIndex(empty)],
    ['upside risk without returns', () => m.upsideRisk(empty)],
    ['a mean deviation without returns', () => m.meanAbsoluteDeviation(empty)],
    ['a Gaussian value at risk without returns', () => m.gaussianValueAtRisk(empty)],
    ['a tail without returns', () => m.conditionalValueAtRisk(empty)],
    ['volatility of one return', () => m.volatility([0.1])],
    ['a calmar ratio without a drawdown', () => m.calmar(gains)],
    ['Sortino of one return', () => m.sortino([-0.1])],
    ['Sortino by a deviation of losses that has none', () => m.sortino(gains, { divisor: 'loss_deviation' })],
    ['a figure beyond all numbers', () => m.profitFactor([Number.POSITIVE_INFINITY, -1])],
    ['a figure that is none', () => m.defined(Number.NaN)],
    ['omega at minus everything', () => m.ratePerPeriod(-1, 252)],
  ])('%s', (_, metric) => expect(metric()).toBeNull())
})

describe('metrics worked out by hand', () => {
  it.each<[string, () => number | null, number]>([
    ['the worst', () => m.worst([3, -2, 1]), -2],
    ['the best', () => m.best([3, -2, 1]), 3],
    ['the mean annual return', () => m.annualReturnArithmetic([0.01, 0.03]), 5.04],
    [
      'the mean annual return by months',
      () => m.annualReturnArithmetic([0.01, 0.03], { periodsPerYear: 12 }),
      0.24,
    ],
    ['the payoff ratio', () => m.payoffRatio([4, 2, -1, -2]), 2],
    ['the expectancy per risk', () => m.expectancyRatio([4, 2, -1, -2]), 0.5],
    ['Kelly', () => m.kelly([4, 2, 0, -1, -2]), 0.25],
    ['beta', () => m.beta([0.02, 0.04, 0.06], [0.01, 0.02, 0.03]), 2],
    [
      'alpha of a series that is twice its benchmark',
      () => m.alpha([0.02, 0.04, 0.06], [0.01, 0.02, 0.03]),
      0,
    ],
    ['downside without a loss', () => m.downsideDeviation(gains), 0],
    [
      'downside by losses',
      () => m.downsideDeviation([0.1, -0.3, -0.4], { periodsPerYear: 1, divisor: 'losses' }),
      0.35355339059327373,
    ],
    [
      'downside by all',
      () => m.downsideDeviation([0.1, -0.3, -0.4], { periodsPerYear: 1 }),
      0.2886751345948129,
    ],
    ['the deviation of losses', () => m.lossDeviation([0.1, -0.3, -0.5], { periodsPerYear: 1 }), 0.1],
    ['the ulcer index', () => m.ulcerIndex([0, -0.3, -0.4]), Math.sqrt(0.25 / 3)],
    ['the ulcer index of a sample', () => m.ulcerIndex([0, -0.3, -0.4], 1), Math.sqrt(0.125)],
    ['the pain index', () => m.painIndex([0, -0.3, -0.6]), 0.3],
    ['stability of steady growth', () => m.stability([0.01, 0.01, 0.01]), 1],
    ['upside risk', () => m.upsideRisk([0.3, -0.1, 0.4]), Math.sqrt(0.25 / 3)],
    ['the share of rises', () => m.upsideFrequency([0.1, 0, -0.1, 0.2]), 0.5],
    ['the share of falls', () => m.downsideFrequency([0.1, 0, -0.1, 0.2]), 0.25],
    ['the mean distance from the mean', () => m.meanAbsoluteDeviation([1, 2, 3, 6]), 1.5],
    ['information', () => m.informationRatio([0.02, 0.04], [0.01, 0.01]), Math.SQRT2],
    ['Sortino by trading days', () => m.sortino([0.03, -0.01]), Math.sqrt(252) * Math.SQRT2],
    ['volatility', () => m.volatility([0.01, 0.03], { periodsPerYear: 1 }), 0.014142135623730951],
    ['volatility by trading days', () => m.volatility([0.01, 0.03]), 0.014142135623730951 * Math.sqrt(252)],
    ['the drawdown of a worthless account', () => m.maxDrawdown([0, -5]), 0],
    [
      'the tail that averages what is at or below the limit',
      () => m.conditionalValueAtRisk([-3, -2, -1, 0, 1], 0.5, 'below_var'),
      -2,
    ],
    ['the tail of the lowest', () => m.conditionalValueAtRisk([-3, -2, -1, 0, 1], 0.5), -2],
  ])('%s', (_, metric, expected) => expect(metric()).toBeCloseTo(expected, 12))

  it('rows that one of two series lacks do not count', () => {
    const paired = m.paired([1, Number.NaN, 3, 4], [1, 2, Number.NaN, 8, 9])
    expect([[...paired.r], [...paired.b]]).toEqual([
      [1, 4],
      [1, 8],
    ])
  })

  it('captures what a benchmark gains and loses', () => {
    const [returns, benchmark] = [
      [0.02, -0.02],
      [0.01, -0.04],
    ]
    expect(m.capture(returns, benchmark, 'up', { periodsPerYear: 1 })).toBeCloseTo(2, 12)
    expect(m.capture(returns, benchmark, 'down', { periodsPerYear: 1 })).toBeCloseTo(0.5, 12)
  })

  it('annual returns by calendar year', () => {
    const times = ['2025-12-31', '2026-01-02', '2026-01-03'].map((day) => Date.parse(day))
    expect(m.annualReturns(times, [0.5, Number.NaN, 0.25])).toEqual([
      { period: '2025', return: 0.5 },
      { period: '2026', return: 0.25 },
    ])
    expect(m.periodOf(Date.parse('2026-05-01'), 'quarter')).toBe('2026-Q2')
  })

  it('returns from a base of 0 are missing, and rates may change from row to row', () => {
    expect([...m.simpleReturns([0, 1, 2])]).toEqual([Number.NaN, 1])
    expect([...m.excess([1, 2, 3], [0.5, 1])]).toEqual([0.5, 1])
    expect(m.downsideDeviation([-0.1])).toBeCloseTo(0.1 * Math.sqrt(252), 12)
  })

  it('a drawdown that goes deeper moves its trough', () => {
    expect(m.drawdownSpans([10, 9, 8, 10])).toMatchObject([
      { peakIndex: 0, troughIndex: 2, recoveryIndex: 3 },
    ])
  })

  it('a seeded interval has its level and seed by default', () => {
    const returns = Array.from({ length: 40 }, (_, i) => Math.sin(i) / 100)
    const interval = m.bootstrapInterval(returns, (r) => m.best(r))
    expect(interval).toEqual(
      m.bootstrapInterval(returns, (r) => m.best(r), { level: 0.95, seed: 1, draws: 1000 }),
    )
    expect(interval?.high).toBeLessThanOrEqual(0.01)
  })
})
