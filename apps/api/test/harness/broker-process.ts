import { Decimal, type Instrument, type TradingMode, usdRateOf } from '@quantdeck/domain'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import { DEFAULT_COSTS } from '../../src/broker/fill-model.ts'
import type { BrokerEvent, BrokerOco, BrokerOrder } from '../../src/broker/port.ts'
import { SimulatedExchange } from '../../src/broker/simulated-exchange.ts'
import { SeededRandom } from '../../src/demo/random.ts'
import { reviveDecimals } from './remote-broker.ts'

/**
 * A broker in a process of its own, so that it outlives the API's: the simulated exchange behind the broker port, spoken
 * over local HTTP. With CHAOS it loses requests, acknowledgements and reports, delays, repeats and reorders them, each
 * with that probability, from a seed.
 */
const chaos = Number(process.argv[2] ?? '0')
const random = new SeededRandom(Number(process.argv[3] ?? '1'))
const hits = (): boolean => random.uniform() < chaos

const instrument = (symbol: string): Instrument => ({
  ...{
    symbol,
    contractType: 'STOCK',
    currency: 'USD',
    priceDecimals: 2,
    quantityDecimals: 2,
    source: 'test',
  },
  ...{
    tickSize: new Decimal('0.01'),
    lotSize: new Decimal(1),
    minQuantity: new Decimal(1),
    maxQuantity: null,
  },
  ...{ multiplier: new Decimal(1), calendar: '24/7', barIntervalSeconds: 86_400 },
})
const exchange = new SimulatedExchange({
  instrumentOf: instrument,
  usdRateOf,
  costs: DEFAULT_COSTS,
  moods: { partialFills: chaos, rejects: 0, random: () => random.uniform() },
})

/** Reports that wait to be fetched; what is lost never gets here. */
let reports: BrokerEvent[] = []
/** How often each order was handed over. */
const handedOver = new Map<string, number>()
/** How often a request about an order was lost: never for ever. */
const lost = new Map<string, number>()
const MOST_LOST = 3

function report(events: readonly BrokerEvent[]): void {
  for (const event of events) {
    if (hits()) continue
    const copies = hits() ? [event, event] : [event]
    if (hits()) setTimeout(() => reports.push(...copies), random.uniform() * 400)
    else reports.push(...copies)
  }
  if (hits()) reports = reports.toSorted(() => random.uniform() - 0.5)
}

/** @returns true if the request never arrives */
function isLost(key: string): boolean {
  const times = lost.get(key) ?? 0
  if (times >= MOST_LOST || !hits()) return false
  lost.set(key, times + 1)
  return true
}

function take(ids: readonly string[], act: (at: Date) => BrokerEvent[]): boolean {
  if (isLost(ids.join())) return false
  for (const id of ids) handedOver.set(id, (handedOver.get(id) ?? 0) + 1)
  report(act(new Date()))
  // It has arrived, and nobody is told.
  return !isLost(`answer ${ids.join()}`)
}

const routes: Record<string, (body: never) => unknown> = {
  '/submit': (order: BrokerOrder) => take([order.clientOrderId], (at) => exchange.submit(order, at)),
  '/submit-oco': (pair: BrokerOco) =>
    take([pair.stopLoss.clientOrderId, pair.takeProfit.clientOrderId], (at) => exchange.submitOco(pair, at)),
  '/cancel': ({ id }: { id: string }) => {
    if (isLost(`cancel ${id}`)) return false
    report(exchange.cancel(id, new Date()))
    return true
  },
  '/query': ({ id }: { id: string }) => exchange.query(id),
  '/open-orders': ({ mode }: { mode: TradingMode }) => exchange.openOrders(mode),
  '/positions': ({ mode }: { mode: TradingMode }) => exchange.positions(mode),
  '/fills': ({ mode, since }: { mode: TradingMode; since: string }) =>
    exchange.fillsSince(mode, new Date(since)),
  '/reports': () => reports.splice(0),
  '/quote': ({ symbol, price }: { symbol: string; price: Decimal }) => {
    report(exchange.onQuote({ symbol, price, at: new Date() }))
    return true
  },
  '/handed-over': () => Object.fromEntries(handedOver),
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const chunk of request) parts.push(chunk as Buffer)
  const route = routes[request.url ?? '']
  const body = JSON.parse(Buffer.concat(parts).toString() || '{}', reviveDecimals) as never
  const result = route?.(body)
  if (chaos > 0 && request.url !== '/reports') await pause(random.uniform() * 20)
  // Nothing comes back: whether it arrived is not said.
  if (result === false || route === undefined) {
    request.socket.destroy()
    return
  }
  response.setHeader('content-type', 'application/json').end(JSON.stringify(result))
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const server = createServer((request, response) => {
  answer(request, response).catch(() => request.socket.destroy())
})
// While the API is down nobody asks for a while: a connection that is closed just as it is used again would be a loss
// that nobody ordered.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`Broker on ${typeof address === 'object' && address ? address.port : 0}`)
})
