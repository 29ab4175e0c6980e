import { describe, expect, it } from 'vitest'
import { toBins } from './bins.ts'

describe('bins', () => {
  it('count every value once, losses apart from gains', () => {
    const values = [-2.4, -0.1, 0, 0.1, 0.3, 0.3, 1.9, 3]
    const bins = toBins(values, 10)
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length)
    expect(bins.some(({ from, to }) => from < 0 && to > 0)).toBe(false)
    const losses = bins.filter(({ to }) => to <= 0).reduce((sum, { count }) => sum + count, 0)
    expect(losses).toBe(2)
  })

  it('have bounds that can be read, without gaps', () => {
    const bins = toBins([-0.31, 0.62], 10)
    expect(bins.map(({ from }) => from)).toEqual([-0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    expect(bins.slice(1).every(({ from }, index) => from === bins[index]?.to)).toBe(true)
  })

  it('are none of nothing, and one of equals', () => {
    expect(toBins([])).toEqual([])
    expect(toBins([0, 0])).toEqual([{ from: 0, to: 1, count: 2 }])
  })
})
