import { describe, expect, it } from 'vitest'
import * as m from './index.ts'

const monthly = { periodsPerYear: 12 }
const returns = [0.02, -0.1, -0.05, 0.08, 0.1, -0.02, 0.01]

describe('ratios of growth to drawdowns', () => {
  it('Burke counts ways from peak to trough, or runs of losing periods', () => {
    const growth = m.annualReturn(returns, monthly) ?? Number.NaN
    const fall = 0.9 * 0.95 - 1
    expect(m.burkeRatio(returns, { ...monthly, drawdowns: 'losing_runs' })).toBeCloseTo(
      growth / Math.hypot(fall, -0.02),
      12,
    )
    // The second fall begins above the first peak, so both ways count as drawdowns of their own.
    expect(m.burkeRatio(returns, monthly)).toBeCloseTo(growth / Math.hypot(fall, -0.02), 12)
    const unrecovered = [0.02, -0.1, 0.01, -0.05]
    expect(m.burkeRatio(unrecovered, { ...monthly, drawdowns: 'losing_runs' })).not.toBeCloseTo(
      m.burkeRatio(unrecovered, monthly) ?? 0,
      3,
    )
  })

  it('the modified form grows with the root of the count, a rate is taken off the growth', () => {
    const plain = m.burkeRatio(returns, monthly) ?? Number.NaN
    expect(m.burkeRatio(returns, { ...monthly, modified: true })).toBeCloseTo(plain * Math.sqrt(7), 12)
    const growth = m.annualReturn(returns, monthly) ?? Number.NaN
    expect(m.martinRatio(returns, { ...monthly, annualRiskFree: growth })).toBeCloseTo(0, 12)
    expect(m.painRatio(returns, monthly)).toBeCloseTo(
      growth / (m.painIndex(m.drawdownsOfReturns(returns)) ?? 0),
      12,
    )
  })

  it('are undefined without a drawdown', () => {
    for (const ratio of [m.burkeRatio, m.martinRatio, m.painRatio]) {
      expect(ratio([0.01, 0.02])).toBeNull()
      expect(ratio([])).toBeNull()
    }
    expect(m.losingRuns([-0.05, -0.05], 0.01)[0]).toBeCloseTo(-0.1, 4)
    expect(m.losingRuns([-0.5, -0.5, Number.NaN, 0.1, -0.1])).toEqual([-0.75, expect.closeTo(-0.1, 12)])
  })
})

describe('kappa', () => {
  it('of order 1 is omega less 1, of order 2 the Sortino ratio per period', () => {
    expect(m.omegaSharpe(returns, 0.005)).toBeCloseTo((m.omega(returns, { riskFree: 0.005 }) ?? 0) - 1, 12)
    expect(m.kappa(returns, 2)).toBeCloseTo(m.sortino(returns, { periodsPerYear: 1 }) ?? 0, 12)
    expect(m.kappa([0.1, 0.2], 3)).toBeNull()
    expect(m.kappa([], 1)).toBeNull()
  })
})

describe('the deviation of losses', () => {
  it('is around their own mean, so that equal losses have none', () => {
    expect(m.lossDeviation([0.1, -0.05, -0.1], { periodsPerYear: 1 })).toBeCloseTo(0.025, 12)
    expect(m.lossDeviation([0.1, -0.05, -0.1], { periodsPerYear: 1, ddof: 1 })).toBeCloseTo(
      0.05 / Math.SQRT2,
      12,
    )
    expect(m.lossDeviation([0.1])).toBeNull()
    expect(m.sortino([0.1, -0.05, -0.05], { divisor: 'loss_deviation' })).toBeNull()
  })
})
