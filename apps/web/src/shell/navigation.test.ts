import { describe, expect, it } from 'vitest'
import { isUnder } from './navigation.ts'

describe('the place in the navigation', () => {
  it('is that of the runs for sweeps and walk-forwards, their lists and each of them', () => {
    for (const path of ['/sweeps', '/sweeps/7', '/walk-forwards', '/walk-forwards/7']) {
      expect(isUnder('runs', path), path).toBe(true)
    }
  })

  it('is nobody else’s, and not that of an address that only begins alike', () => {
    expect(isUnder('signals', '/sweeps')).toBe(false)
    expect(isUnder('runs', '/sweepstakes')).toBe(false)
    expect(isUnder('runs', '/runs/7')).toBe(false)
  })
})
