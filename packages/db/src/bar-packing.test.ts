import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  BAR_COLUMNS,
  type BarColumns,
  emptyBarColumns,
  packBars,
  packedLength,
  unpackBars,
} from './bar-packing.ts'

const price = fc.oneof(
  fc.integer({ min: 1, max: 10_000_000 }).map((cents) => cents / 100),
  fc.integer({ min: 1, max: 2 ** 31 }).map((ticks) => ticks / 1e5),
  fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
)
const bar = fc.record({
  gap: fc.constantFrom(60_000, 60_000, 60_000, 86_400_000, 0.125),
  length: fc.constantFrom(60_000, 60_000, 1),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e12, noNaN: true })),
})

it('packs any bars so that every double comes back bit for bit, at any place in the columns', () => {
  fc.assert(
    fc.property(fc.array(bar, { maxLength: 60 }), fc.nat(5), (rows, at) => {
      const bars = emptyBarColumns(rows.length)
      let t = Date.UTC(2024, 0, 1)
      rows.forEach((row, i) => {
        t += row.gap
        bars.openedAtMs[i] = t
        bars.closedAtMs[i] = t + row.length
        for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) bars[name][i] = row[name]
      })
      const bytes = packBars(bars)
      const back: BarColumns = emptyBarColumns(rows.length + at)
      expect(packedLength(bytes)).toBe(rows.length)
      unpackBars(bytes, back, at)
      for (const name of BAR_COLUMNS) expect([...back[name].subarray(at)]).toEqual([...bars[name]])
    }),
    { numRuns: 200 },
  )
})

it('is a third of the doubles for minutes in cents', () => {
  const bars = emptyBarColumns(1000)
  for (let i = 0; i < 1000; i++) {
    bars.openedAtMs[i] = Date.UTC(2024, 0, 1) + i * 60_000
    bars.closedAtMs[i] = bars.openedAtMs[i]! + 60_000
    for (const name of ['open', 'high', 'low', 'close', 'volume'] as const)
      bars[name][i] = (10_000 + ((i * 7919) % 400)) / 100
  }
  expect(packBars(bars).length).toBeLessThan((1000 * 8 * 7) / 2.5)
})
