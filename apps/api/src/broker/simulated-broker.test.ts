import { Decimal, usdRateOf, VirtualClock } from '@quantdeck/domain'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_COSTS } from './fill-model.ts'
import type { BrokerEvent, BrokerOrder } from './port.ts'
import { SimulatedBroker } from './simulated-broker.ts'
import { SimulatedExchange } from './simulated-exchange.ts'

const ORDER: BrokerOrder = {
  clientOrderId: 'c1',
  mode: 'PAPER',
  symbol: 'NONE',
  side: 'BUY',
  quantity: new Decimal(1),
  orderType: 'MARKET',
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'DAY',
}

let errors: unknown[]
let broker: SimulatedBroker
beforeEach(() => {
  vi.useFakeTimers()
  errors = []
  const exchange = new SimulatedExchange({ instrumentOf: () => undefined, usdRateOf, costs: DEFAULT_COSTS })
  broker = new SimulatedBroker(exchange, new VirtualClock(0), (error) => errors.push(error))
})
afterEach(() => vi.useRealTimers())

describe('the simulated broker', () => {
  it('delivers a report again until it was booked', async () => {
    const delivered: BrokerEvent[] = []
    let failures = 2
    broker.onEvents(async (events) => {
      failures -= 1
      if (failures >= 0) throw new Error('the database is away')
      delivered.push(...events)
    })
    await broker.submit(ORDER)
    await vi.advanceTimersByTimeAsync(40)
    expect([delivered.length, errors.length]).toEqual([0, 1])
    await vi.advanceTimersByTimeAsync(250)
    await vi.advanceTimersByTimeAsync(1000)
    expect(delivered.map(({ type }) => type)).toEqual(['rejected'])
    expect(errors).toHaveLength(2)
  })

  it('stops at once, also while it waits to deliver again', async () => {
    broker.onEvents(async () => {
      throw new Error('the database is away')
    })
    await broker.submit(ORDER)
    await vi.advanceTimersByTimeAsync(40)
    await broker.close()
    expect(broker.status()).toEqual({ connected: false })
    await expect(broker.submit(ORDER)).rejects.toThrow('closed')
  })
})
