import { Decimal, type Instrument, usdRateOf } from '@quantdeck/domain'
import { beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_COSTS } from './fill-model.ts'
import type { BrokerEvent, BrokerOrder } from './port.ts'
import { SimulatedExchange } from './simulated-exchange.ts'

const ACME: Instrument = {
  symbol: 'ACME',
  contractType: 'STOCK',
  currency: 'USD',
  tickSize: new Decimal('0.01'),
  lotSize: new Decimal(1),
  minQuantity: new Decimal(1),
  maxQuantity: null,
  multiplier: new Decimal(1),
  priceDecimals: 2,
  quantityDecimals: 2,
  calendar: '24/7',
  barIntervalSeconds: 300,
  source: 'test',
}

let exchange: SimulatedExchange
beforeEach(() => {
  exchange = new SimulatedExchange({
    instrumentOf: (symbol) => (symbol === 'ACME' ? ACME : undefined),
    usdRateOf,
    costs: DEFAULT_COSTS,
  })
})

const at = (seconds: number) => new Date(1_767_800_000_000 + seconds * 1000)
const d = (value: number | string) => new Decimal(value)

function order(over: Partial<BrokerOrder> = {}): BrokerOrder {
  return {
    clientOrderId: 'c1',
    mode: 'PAPER',
    symbol: 'ACME',
    side: 'BUY',
    quantity: d(10),
    orderType: 'MARKET',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'DAY',
    ...over,
  }
}

const quote = (price: number, seconds: number) => ({ symbol: 'ACME', price: d(price), at: at(seconds) })
const lines = (events: readonly BrokerEvent[]) =>
  events.map((event) => (event.type === 'fill' ? `fill ${event.price.toFixed()}` : event.type))

describe('the simulated exchange', () => {
  it('fills a market order at the last price, moved against it by half a basis point to the next tick', () => {
    exchange.onQuote(quote(100, 0))
    expect(lines(exchange.submit(order(), at(1)))).toEqual(['accepted', 'fill 100.01'])
    expect(lines(exchange.submit(order({ clientOrderId: 'c2', side: 'SELL' }), at(1)))).toEqual([
      'accepted',
      'fill 99.99',
    ])
  })

  it('takes one client order id once', () => {
    exchange.onQuote(quote(100, 0))
    exchange.submit(order(), at(1))
    expect(exchange.submit(order(), at(2))).toEqual([])
    expect(exchange.query('c1').status).toBe('filled')
    expect(exchange.query('c9').status).toBe('unknown')
  })

  it('fills a limit within a bar at its own price, and at a tick at the tick', () => {
    exchange.submit(order({ orderType: 'LIMIT', limitPrice: d(99) }), at(0))
    const bar = { symbol: 'ACME', price: d(100), low: d(98), high: d(101), since: at(0), at: at(300) }
    expect(lines(exchange.onQuote(bar))).toEqual(['fill 99'])
    exchange.submit(order({ clientOrderId: 'c2', orderType: 'LIMIT', limitPrice: d(99) }), at(300))
    expect(lines(exchange.onQuote(quote(98, 301)))).toEqual(['fill 98'])
  })

  it('does not fill an order with what happened before it came', () => {
    exchange.submit(order({ orderType: 'LIMIT', limitPrice: d(99) }), at(200))
    expect(exchange.onQuote(quote(98, 100))).toEqual([])
    const bar = { symbol: 'ACME', price: d(100), low: d(98), high: d(101), since: at(0), at: at(300) }
    expect(exchange.onQuote(bar)).toEqual([])
  })

  it('triggers a stop only once it is touched', () => {
    exchange.submit(order({ side: 'SELL', orderType: 'STOP', stopPrice: d(95) }), at(0))
    expect(exchange.onQuote(quote(96, 1))).toEqual([])
    expect(lines(exchange.onQuote(quote(94, 2)))).toEqual(['fill 93.99'])
  })

  it('plays a price for one account and leaves the orders of the other alone', () => {
    const limit = { orderType: 'LIMIT' as const, limitPrice: d(99) }
    exchange.submit(order(limit), at(0))
    exchange.submit(order({ ...limit, clientOrderId: 'live', mode: 'LIVE' }), at(0))
    expect(lines(exchange.onQuote(quote(98, 1), 'PAPER'))).toEqual(['fill 98'])
    expect(exchange.query('live').status).toBe('working')
    expect(lines(exchange.onQuote(quote(98, 2), 'LIVE'))).toEqual(['fill 98'])
  })

  it('forgets what was rolled back, and goes on with what it is given back after a restart', () => {
    exchange.submit(order({ orderType: 'LIMIT', limitPrice: d(99) }), at(0))
    exchange.forget(['c1'])
    expect(exchange.onQuote(quote(98, 1))).toEqual([])
    exchange.restore(order({ orderType: 'LIMIT', limitPrice: d(97) }), {
      brokerOrderId: 'b1',
      filled: d(4),
      since: at(0),
    })
    const [fill] = exchange.onQuote(quote(96, 2))
    expect(fill).toMatchObject({ type: 'fill', quantity: d(6), brokerOrderId: 'b1' })
  })

  it('cancels what works and nothing else', () => {
    exchange.submit(order({ orderType: 'LIMIT', limitPrice: d(99) }), at(0))
    expect(lines(exchange.cancel('c1', at(1)))).toEqual(['cancelled'])
    expect(exchange.cancel('c1', at(2))).toEqual([])
    expect(exchange.cancel('none', at(2))).toEqual([])
    expect(lines(exchange.submit(order({ clientOrderId: 'c2', symbol: 'X' }), at(3)))).toEqual(['rejected'])
  })
})
