import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EventDelivery } from './delivery.ts'
import type { BrokerEvent } from './port.ts'

const cancelled = (clientOrderId: string): BrokerEvent => ({
  type: 'cancelled',
  clientOrderId,
  at: new Date(0),
})

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('the delivery of reports', () => {
  it('hands one batch over after the other, and each again until it was taken, for as long as it takes', async () => {
    const errors: unknown[] = []
    const delivery = new EventDelivery((error) => errors.push(error))
    const taken: string[] = []
    let failures = 9
    delivery.onEvents(async (events) => {
      failures -= 1
      if (failures >= 0) throw new Error('the database is away')
      taken.push(...events.map(({ clientOrderId }) => clientOrderId))
    })
    delivery.push([cancelled('a'), cancelled('b')])
    delivery.push([])
    delivery.push([cancelled('c')])
    await vi.advanceTimersByTimeAsync(60_000)
    expect([taken, errors.length]).toEqual([[], 6])
    await vi.advanceTimersByTimeAsync(120_000)
    expect([taken, errors.length]).toEqual([['a', 'b', 'c'], 9])
    await delivery.settled()
  })

  it('stops at once when it is closed, also while it waits to try again', async () => {
    const delivery = new EventDelivery(() => {})
    delivery.onEvents(async () => {
      throw new Error('the database is away')
    })
    delivery.push([cancelled('a')])
    await vi.advanceTimersByTimeAsync(300)
    await delivery.close()
    delivery.push([cancelled('b')])
    await delivery.settled()
  })
})
