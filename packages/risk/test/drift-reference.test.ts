import { describe, expect, it } from 'vitest'
import {
  TRADE_SHARPE,
  histogram,
  isRepeating,
  klDivergence,
  populationStabilityIndex,
  smooth,
  normalize,
  tradeSharpe,
} from '../src/index.ts'
import { hasSharedData, readSharedJson } from './shared-data.ts'

interface Case {
  id: string
  metric: string
  input: Record<string, number[]>
  expected: unknown
  tolerance: { abs?: number; rel?: number }
}

const cases = hasSharedData ? readSharedJson<{ cases: Case[] }>('reference/drift.json').cases : []
const of = (metric: string): [string, Case][] =>
  cases.filter((c) => c.metric === metric).map((c) => [c.id, c])

const list = (values: number[] | undefined): number[] => values ?? expect.fail('missing input')

function expectClose(
  actual: number | null,
  expected: unknown,
  { abs = 0, rel = 0 }: Case['tolerance'],
): void {
  const wanted = expected as number
  expect(Math.abs((actual ?? Number.NaN) - wanted)).toBeLessThanOrEqual(abs + rel * Math.abs(wanted))
}

/** Metrics that the product does not have, named by the specification as skippable. */
const SKIPPED = ['entropy', 'hellinger_distance', 'chi_square_p_value', 'jensen_shannon_divergence']

describe.skipIf(!hasSharedData)('the reference cases of model drift', () => {
  it.each(of('kl_divergence'))('KL divergence: %s', (_, { input, expected, tolerance }) => {
    expectClose(klDivergence(list(input.p), list(input.q)), expected, tolerance)
  })

  it.each(of('psi'))('PSI: %s', (_, { input, expected, tolerance }) => {
    const psi = populationStabilityIndex(list(input.currentCounts), list(input.referenceCounts))
    expectClose(psi, expected, tolerance)
  })

  // The case's convention: whole sample, range widened by 0.01, densities with 1e-10 added.
  it.each(of('action_drift_kl'))('action drift: %s', (_, { input, expected, tolerance }) => {
    const [baseline, current] = [list(input.baselineActions), list(input.currentActions)]
    const bins = { low: Math.min(-1, ...baseline) - 0.01, high: Math.max(1, ...baseline) + 0.01, count: 20 }
    const width = (bins.high - bins.low) / bins.count
    const density = (values: number[]) =>
      smooth(
        normalize(histogram(values, bins)).map((share) => share / width),
        1e-10,
      )
    expectClose(klDivergence(density(current), density(baseline)), expected, tolerance)
  })

  it.each(of('stuck_behavior'))('stuck: %s', (_, { input, expected }) => {
    expect(isRepeating(list(input.actions))).toBe((expected as { A: boolean }).A)
  })

  it.each(of('rolling_sharpe'))('rolling Sharpe: %s', (_, { input, expected, tolerance }) => {
    const wanted = expected as { A: number; perTrade: number | null }
    const upstream = {
      ...TRADE_SHARPE,
      window: 100,
      annualization: Math.sqrt(252 * 78),
      clip: 10,
      zeroDeviation: 'clip' as const,
    }
    expectClose(tradeSharpe(list(input.tradePnls), upstream), wanted.A, tolerance)
    const perTrade = tradeSharpe(list(input.tradePnls), { ...TRADE_SHARPE, window: 100 })
    if (wanted.perTrade === null) expect(perTrade).toBeNull()
    else expectClose(perTrade, wanted.perTrade, tolerance)
  })

  it('leaves no other case out', () => {
    const covered = ['kl_divergence', 'psi', 'action_drift_kl', 'stuck_behavior', 'rolling_sharpe']
    const other = cases
      .map((c) => c.metric)
      .filter((metric) => !covered.includes(metric) && !SKIPPED.includes(metric))
    expect(other).toEqual([])
  })
})
