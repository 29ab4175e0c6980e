import { describe, expect, it } from 'vitest'
import { klDivergence, smooth } from './divergence.ts'
import { type Bins, histogram } from './histogram.ts'
import { klPValue } from './permutation.ts'

const FOUR: Bins = { low: 0, high: 4, count: 4 }

function pOf(current: number[], baseline: number[], smoothing: number, permutations: number): number {
  const counts = (sample: number[]) => smooth(histogram(sample, FOUR), smoothing)
  const observed = klDivergence(counts(current), counts(baseline)) ?? Number.NaN
  return klPValue(current, baseline, observed, { bins: FOUR, smoothing, permutations, seed: 7 })
}

/** Two samples, the smoothing, and the share of all their splits that differ as much, counted one by one in Python. */
const SPLITS: [number[], number[], number, number][] = [
  [[0, 0, 1, 2], [1, 1, 2, 2, 3, 3, 3, 0], 0.5, 414 / 495],
  [[0, 0, 0, 1, 3], [0, 1, 1, 2, 2, 3, 3, 3, 3], 0.5, 572 / 2002],
  [[0, 0], [1, 1], 1, 2 / 6],
  [[0, 0, 1], [1, 2, 3, 3, 2, 3, 1], 0.25, 18 / 120],
]

describe('the p-value of a divergence', () => {
  it.each(SPLITS)('of %s after %s, smoothed by %s, comes near the share %s', (now, before, added, share) => {
    const deviation = Math.sqrt((share * (1 - share)) / 1999)
    expect(Math.abs(pOf(now, before, added, 1999) - share)).toBeLessThan(4 * deviation)
  })

  // The same splits from the same seed by an independent implementation in Python.
  it.each([1706, 556, 663, 309].map((count, i) => [count, ...SPLITS[i]!] as const))(
    'counts %s of 2000 from the seed 7',
    (count, now, before, added) => expect(pOf(now, before, added, 1999)).toBe(count / 2000),
  )

  it('counts the samples themselves as one split, and equal splits as large as they are', () => {
    expect(pOf([0, 0], [1, 1], 1, 0)).toBe(1)
    expect(pOf([0, 1], [0, 1], 1, 9)).toBe(1)
    expect(pOf([2, 2, 2], [2, 2], 0.5, 9)).toBe(1)
  })

  it('takes bins that no split fills for nothing, without smoothing', () => {
    // One split in three keeps equal values together, and what the other side lacks is infinitely far.
    expect(
      klPValue([0, 0], [1, 1], Infinity, { bins: FOUR, smoothing: 0, permutations: 999, seed: 7 }),
    ).toBeCloseTo(1 / 3, 1)
  })
})
