import { VirtualClock } from '@quantdeck/domain'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_BUDGET, type Priority, RequestBudget } from './request-budget.ts'

let clock: VirtualClock
beforeEach(() => {
  vi.useFakeTimers()
  clock = new VirtualClock(1_767_800_000_000)
})
afterEach(() => vi.useRealTimers())

const never = new AbortController().signal

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advanceBy(50)
    await vi.advanceTimersByTimeAsync(50)
  }
}

describe('the budget of requests', () => {
  it('lets at most 190 requests through in any minute, however many want to', async () => {
    const budget = new RequestBudget(clock)
    const sentMs: number[] = []
    for (let want = 0; want < 600; want += 1) {
      void budget.take('query', never).then(() => sentMs.push(clock.nowMs()))
    }
    await pass(180_000)
    const most = Math.max(
      ...sentMs.map((at) => sentMs.filter((other) => other >= at && other < at + 60_000).length),
    )
    expect(most).toBeLessThanOrEqual(DEFAULT_BUDGET.burst + DEFAULT_BUDGET.perMinute)
    // And it is no brake: the pace is kept.
    expect(sentMs.length).toBeGreaterThan(500)
  })

  it('lets cancels pass everybody, and orders pass questions', async () => {
    const budget = new RequestBudget(clock, { burst: 1, perMinute: 60, reservedForCancels: 0 })
    await budget.take('query', never)
    const order: Priority[] = []
    for (const priority of ['query', 'submit', 'query', 'cancel', 'submit'] as const) {
      void budget.take(priority, never).then(() => order.push(priority))
    }
    await pass(10_000)
    expect(order).toEqual(['cancel', 'submit', 'submit', 'query', 'query'])
  })

  it('keeps the last requests for cancels', async () => {
    const budget = new RequestBudget(clock, { burst: 10, perMinute: 1, reservedForCancels: 5 })
    const sent: Priority[] = []
    for (let n = 0; n < 8; n += 1) void budget.take('submit', never).then(() => sent.push('submit'))
    await pass(100)
    expect(sent).toHaveLength(5)
    for (let n = 0; n < 5; n += 1) void budget.take('cancel', never).then(() => sent.push('cancel'))
    await pass(100)
    expect(sent.slice(5)).toEqual(Array.from({ length: 5 }, () => 'cancel'))
  })

  it('sends nothing while the broker has asked for a pause', async () => {
    const budget = new RequestBudget(clock)
    budget.pauseUntil(clock.nowMs() + 3_000)
    let isSent = false
    void budget.take('cancel', never).then(() => (isSent = true))
    await pass(2_900)
    expect(isSent).toBe(false)
    await pass(300)
    expect(isSent).toBe(true)
  })

  it('gives up with whoever waits no longer, without using a request for it', async () => {
    const budget = new RequestBudget(clock, { burst: 1, perMinute: 60, reservedForCancels: 0 })
    await budget.take('query', never)
    const gone = new AbortController()
    const waiting = budget.take('submit', gone.signal)
    gone.abort(new Error('too late'))
    await expect(waiting).rejects.toThrow('too late')
    await expect(budget.take('submit', gone.signal)).rejects.toThrow('too late')
    let isSent = false
    void budget.take('query', never).then(() => (isSent = true))
    await pass(1_100)
    expect(isSent).toBe(true)
  })
})
