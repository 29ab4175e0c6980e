import { describe, expect, it } from 'vitest'
import * as m from './index.ts'

const oneTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)
const meanOf = (values: Float64Array): number => m.averageOf(values)

/** The draws that a metric sees. */
function drawsOf(values: number[], options: m.BootstrapOptions): number[][] {
  const seen: number[][] = []
  m.bootstrapInterval(values, (draw) => seen.push([...draw]), options)
  return seen
}

/** Share of the steps of all draws that do not go on to the next value, the first after the last. */
function jumps(draws: number[][], n: number): number {
  const steps = draws.flatMap((draw) => draw.slice(1).map((value, i) => value === (draw[i]! % n) + 1))
  return steps.filter((isNext) => !isNext).length / steps.length
}

describe('draws of the stationary bootstrap', () => {
  it('are as many as asked for, a thousand by default, and as long as the returns', () => {
    for (const [options, expected] of [[{ draws: 7 }, 7] as const, [{}, 1000] as const]) {
      const draws = drawsOf(oneTo(12), options)
      expect(draws).toHaveLength(expected)
      expect(new Set(draws.map(({ length }) => length))).toEqual(new Set([12]))
    }
  })

  it('are the returns from somewhere on and around, where a block never ends', () => {
    const draws = drawsOf(oneTo(11), { draws: 60, blockLength: Infinity })
    expect(jumps(draws, 11)).toBe(0)
    expect(new Set(draws.map(([first]) => first))).toEqual(new Set(oneTo(11)))
  })

  it('take every value on its own, where blocks have one', () => {
    const draws = drawsOf(oneTo(50), { draws: 60, blockLength: 1 })
    // By chance one step in fifty goes to the next value.
    expect(jumps(draws, 50)).toBeGreaterThan(0.96)
    expect(jumps(draws, 50)).toBeLessThan(1)
  })

  it('have blocks of the mean length asked for, the root of the count by default', () => {
    const n = 400
    const byChance = 1 - 1 / n
    const ofFour = jumps(drawsOf(oneTo(n), { draws: 40, blockLength: 4 }), n)
    expect(Math.abs(ofFour - byChance / 4)).toBeLessThan(0.015)
    expect(Math.abs(jumps(drawsOf(oneTo(n), { draws: 40 }), n) - byChance / 20)).toBeLessThan(0.006)
  })

  it('leave missing returns out', () => {
    const draws = drawsOf([...oneTo(10), Number.NaN], { draws: 20 })
    expect(new Set(draws.flat())).toEqual(new Set(oneTo(10)))
  })
})

describe('intervals of the stationary bootstrap', () => {
  // Worked out by an independent implementation in Python.
  it('are the same for a seed everywhere', () => {
    const byDefault = m.bootstrapInterval(oneTo(16), meanOf)
    expect(byDefault).toEqual({ low: 5.5625, high: 11.625 })
    const chosen = m.bootstrapInterval(oneTo(16), meanOf, { draws: 20, blockLength: 3, level: 0.8, seed: 42 })
    expect(chosen?.low).toBeCloseTo(6.45, 12)
    expect(chosen?.high).toBeCloseTo(10.9, 12)
  })

  it('leave the same share out on both sides', () => {
    let draw = 0
    // 0..100 in an order of their own: 5 and 95 are the ends of nine tenths.
    const intervalOf = (level: number) =>
      m.bootstrapInterval(oneTo(10), () => (draw++ * 37) % 101, { draws: 101, level })
    expect(intervalOf(0.9)).toEqual({ low: expect.closeTo(5, 10), high: expect.closeTo(95, 10) })
    expect(intervalOf(0.5)).toEqual({ low: expect.closeTo(25, 10), high: expect.closeTo(75, 10) })
    expect(intervalOf(1)).toEqual({ low: 0, high: 100 })
  })

  it('exist from ten returns on', () => {
    const ofTwo = (n: number) => m.bootstrapIntervals(oneTo(n), (draw) => [draw.length, -1], { draws: 5 })
    expect(ofTwo(9)).toEqual([null, null])
    expect(ofTwo(10)).toEqual([
      { low: 10, high: 10 },
      { low: -1, high: -1 },
    ])
  })

  it('exist where half of the draws have a figure, which alone counts', () => {
    const ofDefined = (count: number) => {
      let draw = 0
      return m.bootstrapInterval(oneTo(10), () => (draw++ < count ? 7 : null), { draws: 10 })
    }
    expect(ofDefined(5)).toEqual({ low: 7, high: 7 })
    expect(ofDefined(4)).toBeNull()
  })
})
