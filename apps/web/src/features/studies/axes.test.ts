import { describe, expect, it } from 'vitest'
import { axisProblem, gridSize, readValues } from './axes.ts'

describe('the values of an axis', () => {
  it('are a list of numbers, words and flags, or a range in whole steps', () => {
    expect(readValues('5, 10,20')).toEqual([5, 10, 20])
    expect(readValues('0.1..0.3 step 0.1')).toEqual([0.1, 0.2, 0.3])
    expect(readValues('20..5 step 5')).toBeNull()
    expect(readValues('ema, sma, true')).toEqual(['ema', 'sma', true])
    expect(readValues('5,,10')).toBeNull()
    expect(readValues('')).toBeNull()
    expect(readValues('1..1000 step 1')).toBeNull()
  })

  it('multiply to the size of the grid', () => {
    const axes = [
      { name: 'lookback', values: '5..50 step 5' },
      { name: 'size', values: '0.25, 0.5' },
    ]
    expect(gridSize(axes)).toBe(20)
    expect(axes.map(axisProblem)).toEqual([undefined, undefined])
    expect(axisProblem({ name: '', values: '1' })).toBe('errName')
  })
})
