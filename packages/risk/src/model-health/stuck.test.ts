import { describe, expect, it } from 'vitest'
import { commonestAction, isRepeating, isStuck, STUCK_RULE } from './stuck.ts'

const repeated = (action: number, count: number): number[] =>
  Array.from<number>({ length: count }).fill(action)

describe('the commonest action', () => {
  it('is none of nothing, the first of several, and rounded', () => {
    expect(commonestAction([], 2)).toBeNull()
    expect(commonestAction([0.5, -0.5, -0.5, 0.5], 2)).toEqual({ action: 0.5, share: 0.5 })
    expect(commonestAction([0.5, -0.5, -0.5], 2)).toEqual({ action: -0.5, share: 2 / 3 })
    expect(commonestAction([0.114, 0.106, 0.2], 2)).toEqual({ action: 0.11, share: 2 / 3 })
    expect(commonestAction([0.114, 0.106, 0.2], 3)).toEqual({ action: 0.114, share: 1 / 3 })
    expect(commonestAction([-0, 0, -0.001], 2)).toEqual({ action: 0, share: 1 })
  })
})

describe('repeating', () => {
  it('looks at the window alone, and from the minimum on', () => {
    const rule = { ...STUCK_RULE, window: 5, minimum: 4, share: 0.8 }
    expect(isRepeating([0.1, 0.2, 0.3, ...repeated(0.5, 4)], rule)).toBe(true)
    expect(isRepeating([...repeated(0.5, 9), 0.1, 0.2], rule)).toBe(false)
    expect(isRepeating(repeated(0.5, 4), rule)).toBe(true)
    expect(isRepeating(repeated(0.5, 3), rule)).toBe(false)
    expect(isRepeating([], { ...rule, minimum: 0 })).toBe(false)
  })
})

describe('stuck on HOLD', () => {
  const rule = { ...STUCK_RULE, window: 10 }
  const window = (holds: number): number[] => [...repeated(0.5, 10 - holds), ...repeated(0, holds)]

  /**
   * So many HOLDs of ten after a baseline of HOLDs and others, and how likely at least as many are: the tail of the
   * beta-binomial distribution with Jeffreys' prior, worked out with fractions in Python.
   */
  it.each([
    [9, 5, 5, 47_955 / 1_048_576],
    [10, 5, 5, 10_005 / 1_048_576],
    [9, 7, 3, 31_945_965 / 149_946_368],
    [9, 0, 4, 1_853 / 1_835_008],
    [10, 8, 2, 2_171_085 / 13_631_488],
  ])('%s of ten after %s HOLDs and %s others is as likely as %s', (holds, before, others, likely) => {
    const baseline = [...repeated(0, before), ...repeated(-0.5, others)]
    const isStuckBelow = (pValueBelow: number) => isStuck(window(holds), baseline, { ...rule, pValueBelow })
    expect(isStuckBelow(likely * (1 - 1e-9))).toBe(false)
    expect(isStuckBelow(likely * (1 + 1e-9))).toBe(true)
  })

  it('is what the rule says where the model held as much before, and stuck where nothing is known of before', () => {
    const certain = { ...rule, pValueBelow: 2 }
    expect(isStuck(window(10), [...repeated(0, 9), 0.5], certain)).toBe(false)
    expect(isStuck(window(10), [...repeated(0, 89), ...repeated(0.5, 11)], certain)).toBe(true)
    expect(isStuck(window(10), [], { ...rule, pValueBelow: 0 })).toBe(true)
  })

  it('counts HOLDs as they are rounded, and those of the window alone', () => {
    const baseline = [...repeated(0.004, 5), ...repeated(0.5, 5)]
    const isStuckBelow = (actions: number[], pValueBelow: number) =>
      isStuck(actions, baseline, { ...rule, pValueBelow })
    const likely = 10_005 / 1_048_576
    for (const actions of [repeated(-0.004, 10), [...repeated(0.5, 20), ...repeated(0, 10)]]) {
      expect(isStuckBelow(actions, likely * 0.999)).toBe(false)
      expect(isStuckBelow(actions, likely * 1.001)).toBe(true)
    }
  })

  it('is no excuse for another action', () => {
    expect(isStuck(repeated(0.5, 10), repeated(0.5, 100), { ...rule, pValueBelow: 0 })).toBe(true)
    expect(isStuck(repeated(0.5, 8), repeated(0.5, 100), rule)).toBe(false)
  })
})
