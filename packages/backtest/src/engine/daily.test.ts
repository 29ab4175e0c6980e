import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { dailyCurve } from './daily.ts'

const DAY_MS = 86_400_000

it('the daily curve has the last bar of every UTC day, whatever the spacing of the bars', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 2 * DAY_MS }), { minLength: 1, maxLength: 300 })
  const small = fc.array(fc.integer({ min: 1, max: DAY_MS / 20 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(fc.oneof(steps, small), (gaps) => {
      let at = 0
      const t = Float64Array.from(gaps, (gap) => (at += gap))
      const equity = t.map((_, i) => 100 + i)
      const days = new Map(Array.from(t, (time, i) => [Math.floor(time / DAY_MS), 100 + i]))
      const points = dailyCurve({ t, equity, benchmarkAt: (step) => equity[step]! }, 100)
      expect(points.map((point) => Math.floor(point.t / DAY_MS))).toEqual([...days.keys()])
      const [, ...values] = [...days.values()]
      expect(points.slice(1).map((point) => point.equity)).toEqual(values)
    }),
  )
})
