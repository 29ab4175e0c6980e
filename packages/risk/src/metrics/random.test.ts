import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'

describe('the seeded generator', () => {
  // Worked out by an independent implementation of mulberry32 in Python, with integers of any size.
  it.each([
    [0, [1_144_304_738, 1_416_247, 958_946_056, 627_933_444]],
    [1, [2_693_262_067, 11_749_833, 2_265_367_787, 4_213_581_821]],
    [12_345, [4_207_900_869, 1_317_490_944, 2_079_646_450, 3_513_001_552]],
    [4_294_967_295, [3_850_105_811, 813_802_916, 3_073_704_848, 4_054_706_436]],
  ])('gives the published sequence of mulberry32 for the seed %s', (seed, expected) => {
    const random = createRandom(seed)
    expect(expected.map(() => random() * 2 ** 32)).toEqual(expected)
  })
})
