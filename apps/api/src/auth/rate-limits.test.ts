import { VirtualClock } from '@quantdeck/domain'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { DOCUMENTED_LIMITS, RateLimiter, type LimitRequest } from './rate-limits.ts'

const START = Date.parse('2026-01-07T16:30:00Z')
const request: LimitRequest = { limit: 'controls', principal: 'user:1', door: 'rest', isRead: false }

function limiter(limit = 10) {
  const clock = new VirtualClock(START)
  return { clock, limits: new RateLimiter(clock, { ...DOCUMENTED_LIMITS, controls: limit }) }
}

describe('RateLimiter', () => {
  it('never lets more than the limit through in any 60 seconds, wherever they start', async () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 20, maxLength: 120 })
    await fc.assert(
      fc.asyncProperty(gaps, async (waits) => {
        const { clock, limits } = limiter()
        const allowed: number[] = []
        for (const wait of waits) {
          clock.advanceBy(wait)
          if ((await limits.consume(request))?.allowed === true) allowed.push(clock.nowMs())
        }
        const crowded = allowed.filter((at, index) => (allowed[index + 10] ?? Infinity) < at + 60_000)
        expect(crowded).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('has no double burst at a window edge', async () => {
    const { clock, limits } = limiter()
    clock.advanceBy(59_000)
    for (let i = 0; i < 10; i++) expect((await limits.consume(request))?.allowed).toBe(true)
    clock.advanceBy(2_000)
    expect((await limits.consume(request))?.allowed).toBe(false)
  })

  it('says when a retry makes sense, and then one works', async () => {
    const { clock, limits } = limiter(1)
    await limits.consume(request)
    clock.advanceBy(17_000)
    const refused = await limits.consume(request)
    expect(refused).toMatchObject({ allowed: false, remaining: 0, limit: 1 })
    clock.advanceBy((refused?.retryAfterSeconds ?? 0) * 1_000)
    expect(clock.nowMs()).toBeLessThanOrEqual(START + 62_000)
    expect((await limits.consume(request))?.allowed).toBe(true)
  })

  it('does not count what it refused', async () => {
    const { clock, limits } = limiter(1)
    await limits.consume(request)
    for (let i = 0; i < 50; i++) {
      clock.advanceBy(1_000)
      await limits.consume(request)
    }
    clock.advanceBy(11_000)
    expect((await limits.consume(request))?.allowed).toBe(true)
  })

  it('counts by principal, class and cost', async () => {
    const { limits } = limiter(10)
    expect((await limits.consume({ ...request, cost: 10 }))?.remaining).toBe(0)
    expect((await limits.consume({ ...request, principal: 'user:2' }))?.remaining).toBe(9)
    expect((await limits.consume({ ...request, limit: 'write' }))?.limit).toBe(60)
    expect((await limits.consume({ ...request, cost: 11, principal: 'user:3' }))?.allowed).toBe(false)
  })

  it("gives the dashboard's queries their own wider class, and its mutations that of their twins", async () => {
    const { limits } = limiter()
    const read = { ...request, limit: 'document-read', isRead: true } as const
    expect((await limits.consume(read))?.limit).toBe(100)
    expect((await limits.consume({ ...read, door: 'trpc' }))?.limit).toBe(1_200)
    expect((await limits.consume({ ...request, door: 'trpc' }))?.limit).toBe(10)
  })

  it('is silent when switched off or for what has no limit', () => {
    const clock = new VirtualClock(START)
    expect(new RateLimiter(clock, null).consume(request)).toBeNull()
    expect(new RateLimiter(clock, DOCUMENTED_LIMITS).consume({ ...request, limit: 'none' })).toBeNull()
  })
})
