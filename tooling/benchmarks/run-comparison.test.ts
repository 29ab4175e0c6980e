import { describe, expect, it } from 'vitest'
import { runComparison } from './run-comparison.ts'
import { renderComparison } from './table.ts'
import type { Comparison, Contender } from './suite.ts'

/** Contenders that need a fixed time, and what ran when. */
function contenders(...costs: [string, number][]) {
  const order: string[] = []
  const made: Contender[] = costs.map(([name, wallMs]) => ({
    name,
    run: () => {
      order.push(name)
      return { operations: 1000, wallMs, cpuMs: wallMs / 2 }
    },
  }))
  return { order, made }
}

function comparison(made: readonly Contender[], over: Partial<Comparison> = {}): Comparison {
  const [baseline, ...candidates] = made
  if (baseline === undefined) throw new Error('no baseline')
  return { goal: 'P0', title: 'things', figure: 'wall', baseline, candidates, rounds: 3, ...over }
}

describe('runComparison', () => {
  it('runs everybody once per round in turning order, after a round that is not counted', async () => {
    const { order, made } = contenders(['a', 1], ['b', 1], ['c', 1])
    const { contenders: results } = await runComparison(comparison(made))
    expect(order.join('')).toBe('abcbcacababc')
    expect(results.map(({ samples }) => samples.length)).toEqual([3, 3, 3])
  })

  it('never takes fewer than three rounds', async () => {
    const { made } = contenders(['a', 1], ['b', 1])
    expect((await runComparison(comparison(made, { rounds: 1 }))).rounds).toBe(3)
    expect((await runComparison(comparison(made), { rounds: 4 })).rounds).toBe(4)
  })

  it('judges the median ratio by the bound, and leaves figures without one unjudged', async () => {
    const { made } = contenders(['base', 10], ['fast', 5], ['slow', 20], ['shown', 7])
    const [base, fast, slow, shown] = made as [Contender, Contender, Contender, Contender]
    const candidates = [{ ...fast, bound: { atLeast: 2 } }, { ...slow, bound: { atLeast: 0.6 } }, shown]
    const { contenders: results } = await runComparison(comparison([base], { candidates }))
    expect(results.map(({ ratio }) => ratio?.median ?? null)).toEqual([null, 2, 0.5, 10 / 7])
    expect(results.map(({ isMet }) => isMet)).toEqual([null, true, false, null])
    expect(results.map(({ cpuMicrosPerOperation }) => cpuMicrosPerOperation)).toEqual([5, 2.5, 10, 3.5])
  })

  it('says MISSED where a goal is missed, with the figure of each contender', async () => {
    const { made } = contenders(['base', 10], ['slow', 20])
    const [base, slow] = made as [Contender, Contender]
    const candidates = [{ ...slow, bound: { atLeast: 0.6 } }]
    const text = renderComparison(await runComparison(comparison([base], { candidates })))
    expect(text).toContain('P0  things (3 rounds)')
    expect(text).toMatch(/base +100,000 +10 +5 +baseline/)
    expect(text).toMatch(/slow +50,000 +20 +10 +0\.5 \(0\.5-0\.5\) +>= 0\.6 +MISSED/)
  })

  it('ends with the failure of a contender instead of leaving it out', async () => {
    const { made } = contenders(['base', 1])
    const broken: Contender = { name: 'broken', run: () => Promise.reject(new Error('cannot')) }
    await expect(runComparison(comparison([...made, broken]))).rejects.toThrow('cannot')
  })
})
