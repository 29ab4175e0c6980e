import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisValues, gridOf, gridSize, randomSets } from './axes.ts'
import { monteCarlo } from './monte-carlo.ts'
import { CELL_METRICS, figureOf, ranks } from './ranking.ts'
import { tradeChanges } from './trade-changes.ts'
import { walkForwardWindows } from './windows.ts'

const DAY_MS = 86_400_000

describe('axes', () => {
  it('step from one end to the other without the dirt of binary fractions', () => {
    expect(axisValues({ name: 'a', minimum: 0.1, maximum: 0.5, step: 0.1 })).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5,
    ])
    expect(axisValues({ name: 'a', minimum: 5, maximum: 12, step: 5 })).toEqual([5, 10])
    expect(axisValues({ name: 'a', minimum: 5, maximum: 12, step: null })).toEqual([5, 12])
    expect(axisValues({ name: 'a', minimum: 5, maximum: 5, step: null })).toEqual([5])
  })

  it('cross into a grid whose last axis varies fastest', () => {
    const axes = [
      { name: 'a', values: [1, 2] },
      { name: 'b', values: ['x', 'y', 'z'] },
    ]
    expect(gridSize(axes)).toBe(6)
    expect(gridOf(axes).map((set) => `${set.a}${set.b}`)).toEqual(['1x', '1y', '1z', '2x', '2y', '2z'])
    expect(gridOf([])).toEqual([{}])
  })

  it('are drawn from by a seed, without repetition and never outside', () => {
    const axes = [
      { name: 'n', minimum: 5, maximum: 60, step: null },
      { name: 'x', minimum: 0.5, maximum: 3, step: null },
      { name: 'd', values: ['long', 'both'] },
    ]
    const options = { count: 50, seed: 9, integers: new Set(['n']) }
    const sets = randomSets(axes, options)
    expect(sets).toHaveLength(50)
    expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(50)
    expect(randomSets(axes, options)).toEqual(sets)
    expect(randomSets(axes, { ...options, seed: 10 })).not.toEqual(sets)
    for (const { n, x } of sets) {
      expect(Number.isInteger(n)).toBe(true)
      expect(n).toBeGreaterThanOrEqual(5)
      expect(n).toBeLessThanOrEqual(60)
      expect(x).toBeGreaterThanOrEqual(0.5)
      expect(x).toBeLessThan(3)
    }
  })

  it('give what there is when more is asked for', () => {
    const sets = randomSets([{ name: 'a', values: [1, 2, 3] }], { count: 100, seed: 1, integers: new Set() })
    expect(sets.map(({ a }) => Number(a)).toSorted((a, b) => a - b)).toEqual([1, 2, 3])
  })
})

describe('walk-forward windows', () => {
  const plan = fc.record({
    days: fc.integer({ min: 30, max: 900 }),
    inSampleDays: fc.integer({ min: 5, max: 200 }),
    outOfSampleDays: fc.integer({ min: 1, max: 120 }),
    purgeDays: fc.integer({ min: 0, max: 20 }),
    embargoDays: fc.integer({ min: 0, max: 20 }),
    isAnchored: fc.boolean(),
  })

  it('never choose by what they are tried on, keep the gap, and try every later day exactly once', () => {
    fc.assert(
      fc.property(plan, ({ days, ...rest }) => {
        const windows = walkForwardWindows({ from: 0, to: days * DAY_MS, ...rest })
        const gap = (rest.purgeDays + rest.embargoDays) * DAY_MS
        const first = rest.inSampleDays * DAY_MS + gap
        if (days * DAY_MS - first < DAY_MS) {
          expect(windows).toEqual([])
          return
        }
        let next = first
        for (const { inSample, outOfSample } of windows) {
          expect(outOfSample.from).toBe(next)
          expect(outOfSample.from - inSample.to).toBe(gap)
          expect(inSample.from).toBeGreaterThanOrEqual(0)
          if (rest.isAnchored) expect(inSample.from).toBe(0)
          else expect(inSample.to - inSample.from).toBe(rest.inSampleDays * DAY_MS)
          next = outOfSample.to
        }
        expect(next).toBe(days * DAY_MS)
      }),
    )
  })
})

describe('ranking', () => {
  it('puts the highest first, keeps ties in order and leaves the undefined out', () => {
    const cell = (sharpe: number | null) => CELL_METRICS.map((name) => (name === 'sharpe' ? sharpe : 0))
    expect(ranks([cell(1), cell(null), cell(2), null, cell(1)], 'sharpe')).toEqual([2, null, 1, null, 3])
    expect(figureOf(cell(7), 'sharpe')).toBe(7)
    expect(figureOf(null, 'sharpe')).toBeNull()
  })
})

describe('the Monte-Carlo envelope', () => {
  const changes = Array.from({ length: 250 }, (_, i) => 0.0005 + 0.01 * Math.sin(i * 1.7))

  it('repeats with its seed, starts at the capital and widens', () => {
    const envelope = monteCarlo(changes, 1000, { method: 'returns', draws: 400, seed: 3 })
    expect(monteCarlo(changes, 1000, { method: 'returns', draws: 400, seed: 3 })).toEqual(envelope)
    expect(monteCarlo(changes, 1000, { method: 'returns', draws: 400, seed: 4 })).not.toEqual(envelope)
    expect(envelope?.points[0]).toEqual({ step: 0, quantiles: [1000, 1000, 1000, 1000, 1000] })
    expect(envelope?.points.at(-1)).toEqual({ step: 250, quantiles: envelope?.finalEquity })
    for (const { quantiles } of envelope?.points ?? [])
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
    const width = (k: number): number => {
      const { quantiles } = envelope!.points[k]!
      return quantiles[4]! - quantiles[0]!
    }
    expect(width(100)).toBeGreaterThan(width(10))
  })

  it('of equal changes is a single line, and of certain losses ruin', () => {
    const flat = monteCarlo(new Float64Array(20).fill(0.01), 100, { method: 'trades', draws: 50 })
    expect(new Set(flat?.finalEquity).size).toBe(1)
    expect(flat?.finalEquity[0]).toBeCloseTo(100 * 1.01 ** 20, 9)
    expect(flat).toMatchObject({ lossProbability: 0, ruinProbability: 0, maxDrawdown: [0, 0, 0, 0, 0] })
    const lost = monteCarlo(new Float64Array(20).fill(-0.1), 100, { method: 'trades', draws: 50 })
    expect(lost).toMatchObject({ lossProbability: 1, ruinProbability: 1 })
  })

  it('agrees with what is known: the mean log growth of independent draws', () => {
    const coin = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 0.1 : -0.1))
    const envelope = monteCarlo(coin, 1, { method: 'trades', draws: 4000, seed: 1 })
    // log 1.1 + log 0.9 per two steps; the median of a sum of independent logs is near their mean.
    expect(Math.log(envelope!.finalEquity[2]!)).toBeCloseTo(50 * (Math.log(1.1) + Math.log(0.9)), 1)
  })

  it('is undefined below ten observations', () => {
    expect(monteCarlo([0.1, 0.2], 1, { method: 'trades' })).toBeNull()
  })

  it('takes each trade on the equity of its turn, up to the last cent', () => {
    expect(tradeChanges([{ pnl: '100.00' }, { pnl: '-110.00' }], 1000)).toEqual([0.1, -0.1])
    expect(tradeChanges([{ pnl: '-1000' }, { pnl: '5' }], 1000)).toEqual([-1])
  })
})
