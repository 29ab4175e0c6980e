import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { figureOf, isMet, median, percentile, ratiosOf, spreadOf } from './statistics.ts'

const sample = (operations: number, wallMs: number, cpuMs: number | null = null) => ({
  operations,
  wallMs,
  cpuMs,
})
const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 })

describe('median and percentile', () => {
  it('takes the middle of an odd number of values and the mean of the middle two of an even one', () => {
    expect(median([5, 1, 9])).toBe(5)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([7])).toBe(7)
  })

  it('refuses to make a figure out of nothing', () => {
    expect(() => median([])).toThrow(RangeError)
    expect(() => percentile([], 0.99)).toThrow(RangeError)
  })

  it('has as many values below the median as above it, and does not reorder its input', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const before = [...values]
        const middle = median(values)
        const below = values.filter((value) => value < middle).length
        const above = values.filter((value) => value > middle).length
        expect(below).toBeLessThanOrEqual(values.length / 2)
        expect(above).toBeLessThanOrEqual(values.length / 2)
        expect(values).toEqual(before)
      }),
    )
  })

  it('takes percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(percentile(hundred, 0.99)).toBe(99)
    expect(percentile(hundred, 0.5)).toBe(50)
    expect(percentile(hundred, 1)).toBe(100)
    expect(percentile([3], 0.99)).toBe(3)
  })

  it('keeps the extremes beside the median', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
  })
})

describe('ratios', () => {
  it('compares each round with the baseline of the same round, so that a slow machine cancels out', () => {
    // The machine was half as fast in the second round; the candidate is twice as fast in both.
    const baseline = [sample(100, 10), sample(100, 20)]
    const candidate = [sample(200, 10), sample(200, 20)]
    expect(ratiosOf('wall', baseline, candidate)).toEqual([2, 2])
  })

  it('counts operations, whatever number each side did', () => {
    expect(ratiosOf('wall', [sample(10, 10)], [sample(1000, 500)])).toEqual([2])
  })

  it('compares by CPU time where asked, and refuses where it was not measured', () => {
    expect(ratiosOf('cpu', [sample(100, 10, 20)], [sample(100, 40, 10)])).toEqual([2])
    expect(() => ratiosOf('cpu', [sample(100, 10)], [sample(100, 10, 10)])).toThrow('CPU time')
  })

  it('compares the slowest hundredth by p99', () => {
    const latenciesMs = [...Array.from({ length: 98 }, () => 1), 6, 50]
    expect(figureOf('p99', { ...sample(100, 1), latenciesMs })).toBe(6)
  })

  it('refuses samples that cannot be compared', () => {
    expect(() => figureOf('wall', sample(0, 10))).toThrow('without operations')
    expect(() => figureOf('wall', sample(10, 0))).toThrow('too short')
    expect(() => ratiosOf('wall', [sample(1, 1)], [])).toThrow('unequally often')
  })
})

describe('isMet', () => {
  it('holds a goal at exactly its bound', () => {
    expect(isMet({ atLeast: 0.4 }, 0.4)).toBe(true)
    expect(isMet({ atLeast: 0.4 }, 0.399)).toBe(false)
    expect(isMet({ atMost: 1.5 }, 1.5)).toBe(true)
    expect(isMet({ atMost: 1.5 }, 1.501)).toBe(false)
  })
})
