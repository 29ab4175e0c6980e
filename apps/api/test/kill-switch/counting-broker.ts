import { systemClock, usdRateOf } from '@quantdeck/domain'
import { DEFAULT_COSTS } from '../../src/broker/fill-model.ts'
import type { BrokerOrder } from '../../src/broker/port.ts'
import { SimulatedBroker } from '../../src/broker/simulated-broker.ts'
import { SimulatedExchange } from '../../src/broker/simulated-exchange.ts'
import type { TestApi } from '../harness.ts'

/** Knows what has arrived, in its order; each order is on its way for a moment first. */
export class CountingBroker extends SimulatedBroker {
  /** Client order ids. */
  readonly arrived: string[] = []
  readonly #wayMs: number

  constructor(exchange: SimulatedExchange, wayMs: number) {
    super(exchange, systemClock, () => {}, 1, false)
    this.#wayMs = wayMs
  }

  override async submit(order: BrokerOrder): Promise<void> {
    if (this.#wayMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * this.#wayMs))
    this.arrived.push(order.clientOrderId)
    await super.submit(order)
  }
}

/** @param apiOf the server that it belongs to, once it is there @param wayMs the longest that an order is on its way */
export function openCounting(apiOf: () => TestApi | undefined, wayMs = 0): CountingBroker {
  const instrumentOf = (symbol: string) => apiOf()?.deps.desk.instrument(symbol)
  const exchange = new SimulatedExchange({ instrumentOf, usdRateOf, costs: DEFAULT_COSTS })
  return new CountingBroker(exchange, wayMs)
}
