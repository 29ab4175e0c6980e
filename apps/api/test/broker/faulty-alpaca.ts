import { Decimal } from '@quantdeck/domain'
import { afterEach, beforeEach, expect } from 'vitest'
import type { BrokerOrder } from '../../src/broker/port.ts'
import { type AlpacaRig, openAlpacaRig } from './alpaca-rig.ts'
import { Bookkeeper } from './bookkeeper.ts'

export const POST = 'POST /v2/orders'
export const BY_CLIENT_ID = 'GET /v2/orders:by_client_order_id'

/** Of the test that runs. */
export let rig: AlpacaRig
export let books: Bookkeeper
let count = 0

/** A connected broker and somebody who keeps its reports, anew for each test of the file. */
export function useFaultyAlpaca(): void {
  beforeEach(async () => {
    rig = await openAlpacaRig()
    books = new Bookkeeper()
    rig.broker.onEvents((events) => books.take(events))
    await rig.broker.start()
    await expect.poll(() => rig.broker.status().connected).toBe(true)
    await rig.price(100)
  })
  afterEach(() => rig.close())
}

export function order(over: Partial<BrokerOrder> = {}): BrokerOrder {
  count += 1
  return {
    clientOrderId: `fault-${count}`,
    mode: 'PAPER',
    symbol: 'AAPL',
    side: 'BUY',
    quantity: new Decimal(10),
    orderType: 'LIMIT',
    limitPrice: new Decimal(90),
    stopPrice: null,
    timeInForce: 'GTC',
    ...over,
  }
}

export async function resting(): Promise<string> {
  const rests = order()
  await rig.broker.submit(rests)
  await books.until(rests.clientOrderId, 'accepted')
  return rests.clientOrderId
}

export const codes = () => rig.problems.map(({ code, severity }) => `${severity} ${code}`)
export const posts = () => rig.server.requestsOf(POST).length
export const atBroker = () => rig.server.exchange.book.orders.size

/** A moment in which something could go wrong that must not. */
export const aMoment = () => new Promise((resolve) => setTimeout(resolve, 400))
