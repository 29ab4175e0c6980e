import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, resolveLimits } from './limits.ts'
import { fullBucket, refillBucket, spendToken } from './token-bucket.ts'

describe('resolveLimits', () => {
  it('gives the defaults of the contracts', () => {
    expect(resolveLimits()).toEqual(DEFAULT_LIMITS)
    expect([DEFAULT_LIMITS.maxDrawdown, DEFAULT_LIMITS.maxDailyLoss, DEFAULT_LIMITS.maxTradesPerDay]).toEqual(
      ['0.15', '0.05', 20],
    )
  })

  it('lets a strategy override the global limits, which override the defaults', () => {
    const limits = resolveLimits(
      { maxTradesPerDay: 10, lossStreak: 5 },
      { maxTradesPerDay: 3, lossStreak: undefined },
    )
    expect([limits.maxTradesPerDay, limits.lossStreak, limits.cooldownMinutes]).toEqual([3, 5, 30])
  })

  it('unites deny-lists, so that a strategy cannot lift a ban', () => {
    expect(resolveLimits({ denySymbols: ['A'] }, { denySymbols: ['B', 'A'] }).denySymbols).toEqual(['A', 'B'])
    expect(resolveLimits({ denySymbols: ['A'] }, { denySymbols: [] }).denySymbols).toEqual(['A'])
  })
})

describe('the message bucket', () => {
  it('gives ten at once, then one per 100 ms, never more than ten', () => {
    let bucket = fullBucket(10, 0)
    for (let sent = 0; sent < 10; sent += 1)
      bucket = spendToken(bucket, 10, 0) ?? expect.fail('empty too early')
    expect(spendToken(bucket, 10, 99)).toBeNull()
    expect(spendToken(bucket, 10, 100)).toEqual({ milliTokens: 0, at: 100 })
    expect(refillBucket(bucket, 10, 60_000).milliTokens).toBe(10_000)
  })

  it('gives and takes nothing when the clock steps back', () => {
    expect(refillBucket({ milliTokens: 500, at: 1_000 }, 10, 0)).toEqual({ milliTokens: 500, at: 1_000 })
  })
})
