import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EventDelivery } from './delivery.ts'
import type { BrokerEvent } from './port.ts'

const cancelled = (clientOrderId: string, minute = 0): BrokerEvent => ({
  type: 'cancelled',
  clientOrderId,
  at: new Date(minute * 60_000),
})

let errors: unknown[]
let calls: string[]
/** What the books say to a call, by the orders that it names; nothing: they take it. */
let answer: (ids: string[]) => Promise<void>
let delivery: EventDelivery
beforeEach(() => {
  vi.useFakeTimers()
  errors = []
  calls = []
  answer = async () => {}
  delivery = new EventDelivery((error) => errors.push(error))
  delivery.onEvents(async (events) => {
    const ids = events.map(({ clientOrderId }) => clientOrderId)
    calls.push(ids.join(' '))
    await answer(ids)
  })
})
afterEach(() => vi.useRealTimers())

const away = async () => {
  throw new Error('the database is away')
}
const refuses = (id: string) => async (ids: string[]) => (ids.includes(id) ? away() : undefined)
const take = (ms: number) => async () => {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
const push = (...ids: string[]) => delivery.push(ids.map((id) => cancelled(id)))

describe('the delivery of reports', () => {
  it('hands what gathers during a call over with the next one', async () => {
    answer = take(100)
    push('a', 'b')
    await vi.advanceTimersByTimeAsync(1)
    push('c')
    push()
    push('d')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(calls).toEqual(['a b', 'c d'])
  })

  it('tries again until it is taken, for as long as it takes', async () => {
    answer = away
    push('a', 'a')
    await vi.advanceTimersByTimeAsync(200_000)
    // At once, after 250 ms, 1, 4 and 15 s, and every 30 s from then on.
    expect(calls).toHaveLength(10)
    answer = async () => {}
    await vi.advanceTimersByTimeAsync(30_000)
    expect([calls.length, errors.length]).toEqual([11, 10])
    expect(new Set(calls)).toEqual(new Set(['a a']))
    await vi.advanceTimersByTimeAsync(100_000)
    expect(calls).toHaveLength(11)
    // What was taken is forgiven: the next one is tried again soon.
    answer = away
    push('a')
    await vi.advanceTimersByTimeAsync(250)
    expect(calls).toHaveLength(13)
  })

  it('lets an order whose reports cannot be booked hold up no other', async () => {
    answer = refuses('bad')
    push('bad', 'good')
    push('bad')
    await vi.advanceTimersByTimeAsync(0)
    expect(calls).toEqual(['bad good bad', 'bad bad', 'good'])
    push('bad', 'later')
    await vi.advanceTimersByTimeAsync(0)
    expect(calls.at(-1)).toBe('later')
  })

  it('keeps what is reported of an order behind what was refused of it', async () => {
    answer = refuses('bad')
    push('bad')
    await vi.advanceTimersByTimeAsync(0)
    push('bad')
    answer = take(100)
    await vi.advanceTimersByTimeAsync(200)
    push('other')
    await vi.advanceTimersByTimeAsync(49)
    expect(calls).toEqual(['bad', 'other'])
    push('bad', 'more')
    await vi.advanceTimersByTimeAsync(1)
    push('bad')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(calls).toEqual(['bad', 'other', 'bad bad bad more bad'])
  })

  it('loses nothing, repeats nothing that was taken, and keeps the order of each order, whatever fails', async () => {
    const step = fc.record({
      ids: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
      waitMs: fc.constantFrom(0, 0, 1, 100, 300, 1_000),
    })
    const failures = fc.array(fc.boolean(), { maxLength: 40 })
    const times = fc.array(fc.constantFrom(0, 0, 5, 400), { maxLength: 40 })
    const of = (events: BrokerEvent[], id: string) => events.filter((event) => event.clientOrderId === id)
    const play = async (steps: { ids: string[]; waitMs: number }[], fails: boolean[], ms: number[]) => {
      const [told, taken] = [[] as BrokerEvent[], [] as BrokerEvent[]]
      let running = 0
      const one = new EventDelivery(() => {})
      one.onEvents(async (events) => {
        running += 1
        expect(running).toBe(1)
        await take(ms.shift() ?? 0)()
        running -= 1
        if (fails.shift() === true) return away()
        taken.push(...events)
      })
      for (const { ids, waitMs } of steps) {
        const events = ids.map((id, index) => cancelled(id, told.length + index))
        told.push(...events)
        one.push(events)
        await vi.advanceTimersByTimeAsync(waitMs)
      }
      await vi.advanceTimersByTimeAsync(3_600_000)
      for (const { clientOrderId: id } of told) expect(of(taken, id)).toEqual(of(told, id))
      expect(taken).toHaveLength(told.length)
    }
    const steps = fc.array(step, { minLength: 1, maxLength: 12 })
    await fc.assert(fc.asyncProperty(steps, failures, times, play), { numRuns: 200 })
  })

  it('stops at once when it is closed: what waits gets one more try together, what was refused none', async () => {
    answer = refuses('bad')
    push('bad')
    await vi.advanceTimersByTimeAsync(0)
    answer = take(100)
    push('a')
    await vi.advanceTimersByTimeAsync(1)
    push('b')
    push('c')
    const closing = delivery.close()
    push('d')
    await vi.advanceTimersByTimeAsync(100_000)
    await closing
    expect(calls).toEqual(['bad', 'a', 'b c'])
  })

  it('ends while the database stays away', async () => {
    answer = away
    for (const id of ['a', 'b', 'c']) push(id)
    await delivery.close()
    await vi.advanceTimersByTimeAsync(100_000)
    expect(calls).toEqual(['a b c'])
    expect(errors).toHaveLength(1)
  })
})
