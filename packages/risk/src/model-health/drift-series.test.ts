import { describe, expect, it } from 'vitest'
import { actionBins, driftSeries } from './drift-series.ts'
import { modelHealth } from './model-health.ts'

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

describe('actions by bin', () => {
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
    expect(actionBins({ baseline: [], actions: [] }).every((bin) => bin.current + bin.baseline === 0)).toBe(
      true,
    )
  })
})
