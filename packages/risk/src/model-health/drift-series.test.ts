import { describe, expect, it } from 'vitest'
import { actionBins, driftSeries } from './drift-series.ts'
import { MODEL_HEALTH_RULES, modelHealth } from './model-health.ts'

const baseline = Array.from({ length: 500 }, (_, index) => Math.sin(index))
const steady = Array.from({ length: 200 }, (_, index) => Math.sin(index * 7))
const moved = [...steady, ...Array.from({ length: 100 }, (_, index) => 0.8 + 0.1 * Math.sin(index))]

function klOf(actions: readonly number[]): number | null {
  const evidence = { baseline, actions, tradeReturns: [], lastInferenceAt: 0, registeredAt: 0 }
  return modelHealth(evidence).kl
}

describe('drift over time', () => {
  it('is at each moment what the verdict would have measured then', () => {
    const points = driftSeries({ baseline, actions: moved }, 40)
    expect(points.length).toBeGreaterThan(30)
    expect(points.length).toBeLessThanOrEqual(41)
    for (const { index, kl } of [points[0], points[20], points.at(-1)].filter((point) => !!point))
      expect(kl).toBe(klOf(moved.slice(0, index + 1)))
    expect(points.at(-1)?.index).toBe(moved.length - 1)
  })

  it('rises when the model leaves its training', () => {
    const points = driftSeries({ baseline, actions: moved }, 40)
    expect(points.at(-1)?.kl).toBeGreaterThan((points[0]?.kl ?? Infinity) + 0.5)
  })

  it('has nothing to say with too few actions on either side', () => {
    expect(driftSeries({ baseline, actions: steady.slice(0, 99) }, 40)).toEqual([])
    expect(driftSeries({ baseline: baseline.slice(0, 499), actions: steady }, 40)).toEqual([])
  })
})

describe('the moments of a drift', () => {
  const rules = { ...MODEL_HEALTH_RULES, window: 10, minimumBaseline: 5 }
  const indexesOf = (count: number, most: number, changed: Partial<typeof rules> = {}) =>
    driftSeries({ baseline: baseline.slice(0, 5), actions: steady.slice(0, count) }, most, {
      ...rules,
      ...changed,
    }).map(({ index }) => index)

  it('end with the last action, a step apart, and begin with the first full window or after it', () => {
    expect(indexesOf(14, 5)).toEqual([9, 10, 11, 12, 13])
    expect(indexesOf(14, 100)).toEqual([9, 10, 11, 12, 13])
    expect(indexesOf(20, 4)).toEqual([10, 13, 16, 19])
    expect(indexesOf(20, 11)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    expect(indexesOf(20, 10)).toEqual([9, 11, 13, 15, 17, 19])
    expect(indexesOf(10, 1)).toEqual([9])
    expect(indexesOf(9, 1)).toEqual([])
    expect(indexesOf(10, 1, { minimumBaseline: 6 })).toEqual([])
  })

  it('leave out those whose divergence is undefined, without smoothing', () => {
    const actions = [...Array.from<number>({ length: 10 }).fill(0.5), -0.5]
    const kinds = { baseline: Array.from<number>({ length: 5 }).fill(0.5), actions }
    expect(driftSeries(kinds, 10, { ...rules, smoothing: 0 })).toEqual([{ index: 9, kl: 0 }])
  })
})

describe('actions by bin', () => {
  it('have edges and shares of their own', () => {
    const rules = { ...MODEL_HEALTH_RULES, bins: { low: -1, high: 3, count: 4 }, window: 4 }
    expect(actionBins({ baseline: [-0.5, 0.5], actions: [2.5, 0.5, 0.5, 1.5, -0.5] }, rules)).toEqual([
      { from: -1, to: 0, current: 0.25, baseline: 0.5 },
      { from: 0, to: 1, current: 0.5, baseline: 0.5 },
      { from: 1, to: 2, current: 0.25, baseline: 0 },
      { from: 2, to: 3, current: 0, baseline: 0 },
    ])
  })

  it('are shares of each side that add up to one', () => {
    const bins = actionBins({ baseline, actions: moved })
    expect([bins[0]?.from, bins.at(-1)?.to]).toEqual([-1, 1])
    const total = (side: 'current' | 'baseline') => bins.reduce((sum, bin) => sum + bin[side], 0)
    expect(total('current')).toBeCloseTo(1, 12)
    expect(total('baseline')).toBeCloseTo(1, 12)
    // Of the last hundred alone: they are all between 0.7 and 0.9.
    const held = bins.filter(({ current }) => current > 0)
    expect(held.map(({ from }) => Math.round(from * 10) / 10)).toEqual([0.7, 0.8])
  })

  it('are nothing, not a failure, of a model that has not spoken', () => {
    const silent = actionBins({ baseline: [], actions: [] })
    expect(silent.map(({ current, baseline: before }) => [current, before])).toEqual(
      Array.from({ length: 20 }, () => [0, 0]),
    )
  })
})
