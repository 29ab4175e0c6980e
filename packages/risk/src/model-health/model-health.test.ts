import { describe, expect, it } from 'vitest'
import { createRandom } from '../metrics/random.ts'
import { klDivergence, populationStabilityIndex, smooth } from './divergence.ts'
import { ACTION_BINS, binOf, histogram } from './histogram.ts'
import { MODEL_HEALTH_RULES, type ModelEvidence, modelHealth } from './model-health.ts'
import { klPValue } from './permutation.ts'
import { isRepeating, isStuck } from './stuck.ts'
import { TRADE_SHARPE, tradeSharpe } from './trade-sharpe.ts'

/** A bell of actions around `center`, seeded. */
function actions(count: number, seed: number, center = 0): number[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () =>
    Math.max(-1, Math.min(1, center + (random() + random() + random() - 1.5) * 0.8)),
  )
}

const healthy: ModelEvidence = {
  baseline: actions(800, 1),
  actions: actions(100, 2),
  tradeReturns: [],
  lastInferenceAt: 1_000,
  registeredAt: 0,
}

describe('histograms and divergences', () => {
  it('puts edges into the bin above, 1 into the last, outliers into the nearest', () => {
    expect([-1, -0.9, 0, 0.3, 0.1 + 0.2, 1, -7, 7].map((value) => binOf(value, ACTION_BINS))).toEqual([
      0, 1, 10, 13, 13, 19, 0, 19,
    ])
    expect(histogram([0, 0, 1], ACTION_BINS).reduce((a, b) => a + b)).toBe(3)
  })

  it('is 0 for equal and undefined where the reference is empty and the current is not', () => {
    expect(klDivergence([1, 2], [2, 4])).toBe(0)
    expect(klDivergence([1, 1], [1, 0])).toBeNull()
    expect(populationStabilityIndex([1, 0], [1, 1])).toBeNull()
    expect(populationStabilityIndex([1, 1], [1, 0])).toBeNull()
    expect(klDivergence([0, 0], [1, 1])).toBeNull()
    expect(() => klDivergence([1], [1, 2])).toThrow(RangeError)
  })

  it('is the sum worked out by hand, whatever the weights add up to, and nothing where a share is 0', () => {
    expect(klDivergence([5, 5], [9, 1])).toBeCloseTo(0.5 * Math.log(5 / 9) + 0.5 * Math.log(5), 12)
    expect(klDivergence([0, 3], [4, 4])).toBeCloseTo(Math.log(2), 12)
    expect(populationStabilityIndex([5, 5], [9, 1])).toBeCloseTo(0.4 * Math.log(9), 12)
    expect(smooth([0, 2], 0.5)).toEqual([0.5, 2.5])
    expect(() => klDivergence([1, 2], [1])).toThrow('distributions of different length')
  })

  it('is never below 0, however it is rounded', () => {
    const weights = [0.1, 0.7, 0.3, 1.1, 2.3, 0.9]
    for (let factor = 1; factor < 60; factor += 1) {
      const scaled = weights.map((weight) => (weight * factor) / 7)
      expect(klDivergence(scaled, weights)).toBeGreaterThanOrEqual(0)
    }
  })

  it('gives the same p-value for a seed, never 0, and small only when the samples differ', () => {
    const test = { bins: ACTION_BINS, smoothing: 0.5, permutations: 499, seed: 7 }
    const [same, shifted, base] = [actions(100, 2), actions(100, 2, 0.5), actions(800, 1)]
    const pOf = (sample: number[]) => {
      const kl = klDivergence(
        histogram(sample, ACTION_BINS).map((n) => n + 0.5),
        histogram(base, ACTION_BINS).map((n) => n + 0.5),
      )
      return klPValue(sample, base, kl ?? 0, test)
    }
    expect(pOf(same)).toBe(pOf(same))
    expect(pOf(same)).toBeGreaterThan(0.05)
    expect(pOf(shifted)).toBe(1 / 500)
  })
})

describe('modelHealth', () => {
  it('calls a model healthy that acts like its baseline', () => {
    const verdict = modelHealth(healthy)
    expect(verdict).toMatchObject({
      status: 'healthy',
      stuck: false,
      details: [],
      conclusive: true,
      lastInferenceAt: 1_000,
    })
  })

  it('calls a shifted model critical', () => {
    const verdict = modelHealth({ ...healthy, actions: actions(100, 2, 0.6) })
    expect(verdict.status).toBe('critical')
    expect(verdict.kl).toBeGreaterThan(0.5)
    expect(verdict.pValue).toBeLessThan(0.001)
    expect(verdict.details).toEqual(['actions drifted from the baseline'])
  })

  it('judges the last 100 actions only', () => {
    expect(modelHealth({ ...healthy, actions: [...actions(500, 3, 0.9), ...healthy.actions] }).status).toBe(
      'healthy',
    )
  })

  it('is strict at its thresholds', () => {
    const shifted = { ...healthy, actions: actions(100, 2, 0.35) }
    const { kl, pValue } = modelHealth(shifted)
    const at = (pValueBelow: number, klAbove: number) => ({ pValueBelow, klAbove })
    const statusWith = (critical: ReturnType<typeof at>, warning: ReturnType<typeof at>) =>
      modelHealth(shifted, { ...MODEL_HEALTH_RULES, critical, warning }).status
    const never = at(0, 99)
    const [exactKl, exactP] = [kl as number, pValue as number]
    expect(statusWith(at(1, exactKl), never)).toBe('healthy')
    expect(statusWith(at(1, exactKl - 1e-9), never)).toBe('critical')
    expect(statusWith(at(exactP, 0), never)).toBe('healthy')
    expect(statusWith(never, at(1, exactKl - 1e-9))).toBe('warning')
    expect(statusWith(never, at(1, exactKl))).toBe('healthy')
  })

  it('says "insufficient data" below 100 actions or a baseline of 500, inconclusive and never critical', () => {
    const few = modelHealth({ ...healthy, actions: Array.from<number>({ length: 99 }).fill(0.7) })
    expect(few).toMatchObject({ status: 'warning', kl: null, pValue: null, psi: null, conclusive: false })
    expect(few.details).toContain('insufficient data')
    expect(modelHealth({ ...healthy, baseline: healthy.baseline.slice(0, 499) }).conclusive).toBe(false)
    expect(modelHealth({ ...healthy, baseline: healthy.baseline.slice(0, 500) }).conclusive).toBe(true)
  })

  it('has no verdict on drift where the divergence is undefined, without smoothing', () => {
    const rules = { ...MODEL_HEALTH_RULES, smoothing: 0, permutations: 9 }
    const baseline = healthy.baseline.map((action) => Math.min(action, 0))
    expect(modelHealth({ ...healthy, baseline }, rules).conclusive).toBe(false)
    const half = {
      ...healthy,
      baseline: healthy.baseline.map(Math.sign),
      actions: healthy.actions.map(Math.sign),
    }
    expect(modelHealth(half, rules).pValue).toBeGreaterThan(0)
  })

  it('shows the registration before the first inference', () => {
    const verdict = modelHealth({ ...healthy, actions: [], lastInferenceAt: null, registeredAt: 77 })
    expect(verdict.lastInferenceAt).toBe(77)
    expect(verdict.details).toEqual(['no inference yet', 'insufficient data'])
  })

  it('calls a model critical that repeats one action', () => {
    const verdict = modelHealth({ ...healthy, actions: Array.from<number>({ length: 100 }).fill(0.05) })
    expect(verdict).toMatchObject({ status: 'critical', stuck: true })
    expect(verdict.details).toContain('stuck: the model repeats one action')
  })

  it('calls it critical also where the one action lies among those of its baseline', () => {
    const baseline = Array.from({ length: 500 }, (_, index) => 0.005 + (index % 10) / 100)
    const steady = { ...healthy, baseline, actions: baseline.slice(0, 100) }
    expect(modelHealth(steady).status).toBe('healthy')
    expect(
      modelHealth({ ...steady, actions: Array.from<number>({ length: 100 }).fill(0.055) }),
    ).toMatchObject({
      status: 'critical',
      details: ['stuck: the model repeats one action'],
      kl: modelHealth(steady).kl,
    })
  })

  it('does not warn of a rolling Sharpe that there is none of', () => {
    const equal = { ...healthy, tradeReturns: Array.from<number>({ length: 20 }).fill(-1) }
    const rules = { ...MODEL_HEALTH_RULES, sharpeWarningBelow: 0.5 }
    expect(modelHealth(equal, rules)).toMatchObject({ status: 'healthy', details: [], rollingSharpe: null })
  })

  it('warns of a rolling Sharpe below -1 with at least 20 trades', () => {
    const losses = Array.from({ length: 20 }, (_, index) => -1 - (index % 2) * 0.1)
    expect(modelHealth({ ...healthy, tradeReturns: losses })).toMatchObject({
      status: 'warning',
      details: ['rolling Sharpe below -1'],
    })
    expect(modelHealth({ ...healthy, tradeReturns: losses.slice(1) }).status).toBe('healthy')
  })

  it('warns strictly below the limit of the rolling Sharpe alone, and says which', () => {
    const losses = Array.from({ length: 20 }, (_, index) => -1 - (index % 2) * 0.1)
    const { rollingSharpe } = modelHealth({ ...healthy, tradeReturns: losses })
    const detailsAt = (sharpeWarningBelow: number) =>
      modelHealth({ ...healthy, tradeReturns: losses }, { ...MODEL_HEALTH_RULES, sharpeWarningBelow }).details
    expect(rollingSharpe).toBeCloseTo(-1.05 / (0.05 * Math.sqrt(20 / 19)), 12)
    expect(detailsAt(rollingSharpe as number)).toEqual([])
    expect(detailsAt((rollingSharpe as number) + 0.5)).toHaveLength(1)
    const gains = losses.map((result) => -result)
    expect(modelHealth({ ...healthy, tradeReturns: gains }).details).toEqual([])
  })

  it('reports the index of stability of the smoothed shares, and never decides by it', () => {
    const now = smooth(histogram(healthy.actions, ACTION_BINS), 0.5)
    const then = smooth(histogram(healthy.baseline, ACTION_BINS), 0.5)
    const sharesOf = (counts: number[], total: number) => counts.map((count) => count / total)
    const [p, q] = [sharesOf(now, 110), sharesOf(then, 810)]
    const psi = p.reduce((sum, share, bin) => sum + (share - q[bin]!) * Math.log(share / q[bin]!), 0)
    expect(modelHealth(healthy).psi).toBeCloseTo(psi, 12)
  })

  it('is conclusive without a finding only where there was something to judge', () => {
    const repeating = { ...healthy, actions: Array.from<number>({ length: 99 }).fill(0.7) }
    expect(modelHealth(repeating)).toMatchObject({ status: 'warning', stuck: true })
    expect(modelHealth(repeating).details).toEqual([
      'insufficient data',
      'stuck: the model repeats one action',
    ])
  })

  it('points out a silent model without changing its status', () => {
    const silent = (ageSeconds: number) =>
      modelHealth({ ...healthy, silence: { ageSeconds, intervalSeconds: 60 } })
    expect(silent(180)).toMatchObject({ status: 'healthy', details: [], silent: false })
    expect(silent(181)).toMatchObject({ status: 'healthy', details: ['no recent inference'], silent: true })
    expect(modelHealth({ ...healthy, silence: null })).toMatchObject({ details: [], silent: false })
  })
})

describe('stuck behaviour', () => {
  const repeated = (value: number, count: number, others: number[] = []) => [
    ...others,
    ...Array.from<number>({ length: count }).fill(value),
  ]

  it('needs ten actions and nine tenths of one value at two decimals', () => {
    expect(isRepeating(repeated(0.5, 9))).toBe(false)
    expect(isRepeating(repeated(0.501, 9, [0.9]))).toBe(true)
    expect(isRepeating(repeated(0.5, 8, [0.9, 0.8]))).toBe(false)
    expect(isRepeating([])).toBe(false)
  })

  it('does not blame a model for holding as its baseline does', () => {
    const quiet = repeated(0, 95, [0.5, -0.5, 0.4, 0.3, 0.2])
    expect(isStuck(repeated(0, 100), quiet)).toBe(false)
    expect(isStuck(repeated(-0.001, 100), quiet)).toBe(false)
    expect(isStuck(repeated(0.3, 100), quiet)).toBe(true)
    expect(isStuck(repeated(0, 100), actions(500, 1))).toBe(true)
    expect(isStuck(repeated(0, 100), [])).toBe(true)
    expect(isStuck(actions(100, 3), quiet)).toBe(false)
  })

  it('waits for more than chance with a model that holds four times in five', () => {
    const holding = repeated(0, 400, actions(100, 4, 0.5))
    const holds = (count: number) => repeated(0, count, actions(100 - count, 5, 0.5))
    expect([90, 92, 95, 100].map((count) => isStuck(holds(count), holding))).toEqual([
      false,
      false,
      true,
      true,
    ])
    // Of a baseline of ten actions less is known.
    expect(isStuck(holds(95), repeated(0, 8, [0.5, -0.5]))).toBe(false)
  })
})

describe('tradeSharpe', () => {
  it('is mean over sample deviation of the last 50 trades, undefined below 5', () => {
    expect(tradeSharpe([1, 2, 3, 4])).toBeNull()
    expect(tradeSharpe([1, 2, 3, 4, 5])).toBeCloseTo(3 / Math.sqrt(2.5), 12)
    expect(
      tradeSharpe([
        ...Array.from<number>({ length: 30 }).fill(-99),
        ...Array.from({ length: 50 }, (_, i) => i % 2),
      ]),
    ).toBeCloseTo(0.5 / Math.sqrt(12.5 / 49), 12)
  })

  it('needs two trades at least, whatever the minimum, and is multiplied as asked', () => {
    const convention = { ...TRADE_SHARPE, minimum: 0 }
    expect(tradeSharpe([], convention)).toBeNull()
    expect(tradeSharpe([7], { ...convention, zeroDeviation: 'clip', clip: 3 })).toBeNull()
    expect(tradeSharpe([1, 3], convention)).toBeCloseTo(Math.SQRT2, 12)
    expect(tradeSharpe([1, 3], { ...convention, annualization: 4 })).toBeCloseTo(4 * Math.SQRT2, 12)
    expect(tradeSharpe([9, 1, 3], { ...convention, window: 2, clip: 2 })).toBeCloseTo(Math.SQRT2, 12)
  })

  it('is undefined without deviation unless the convention clips', () => {
    expect(tradeSharpe([1, 1, 1, 1, 1])).toBeNull()
    expect(tradeSharpe([1, 1, 1, 1, 1], { ...TRADE_SHARPE, zeroDeviation: 'clip' })).toBeNull()
    expect(tradeSharpe([-1, -1, -1, -1, -1], { ...TRADE_SHARPE, zeroDeviation: 'clip', clip: 10 })).toBe(-10)
    expect(tradeSharpe([1, 2, 1, 2, 1], { ...TRADE_SHARPE, annualization: 100, clip: 10 })).toBe(10)
    expect(tradeSharpe([-1, -2, -1, -2, -1], { ...TRADE_SHARPE, annualization: 100, clip: 10 })).toBe(-10)
    expect(tradeSharpe([1, 1, 1, 1, 1], { ...TRADE_SHARPE, clip: 10 })).toBeNull()
  })
})
