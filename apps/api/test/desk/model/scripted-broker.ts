import { Decimal, type TradingMode } from '@quantdeck/domain'
import type {
  Broker,
  BrokerEvent,
  BrokerFill,
  BrokerOco,
  BrokerOpenOrder,
  BrokerOrder,
  BrokerOrderState,
  BrokerPosition,
} from '../../../src/broker/port.ts'
import type { BrokerScript } from './broker-script.ts'

/** A script behind the broker port. */
export class ScriptedBroker implements Broker {
  readonly name = 'scripted'
  readonly hasOwnBooks = true
  script: BrokerScript
  /** When a request arrives: at once unless told. */
  travel: (what: string) => Promise<void> = async () => {}
  #handler: (events: BrokerEvent[]) => Promise<void> = async () => {}

  constructor(script: BrokerScript) {
    this.script = script
  }

  async start(): Promise<void> {}

  async submit(order: BrokerOrder): Promise<void> {
    await this.travel(`submit ${order.clientOrderId}`)
    this.script.submit(order)
  }

  async submitOco(pair: BrokerOco): Promise<void> {
    await this.travel(`pair ${pair.groupId}`)
    this.script.submitOco(pair)
  }

  async cancel(clientOrderId: string): Promise<void> {
    await this.travel(`cancel ${clientOrderId}`)
    this.script.askCancel(clientOrderId)
  }

  async query(clientOrderId: string): Promise<BrokerOrderState> {
    return this.script.query(clientOrderId)
  }

  async listOpenOrders(_mode: TradingMode): Promise<BrokerOpenOrder[]> {
    return [...this.script.orders.values()]
      .filter(({ isDone }) => !isDone)
      .map(({ order, filled }) => ({
        ...{ clientOrderId: order.clientOrderId, brokerOrderId: `b-${order.clientOrderId}` },
        ...{ symbol: order.symbol, side: order.side, quantity: order.quantity },
        filledQuantity: new Decimal(filled),
      }))
  }

  async listPositions(): Promise<BrokerPosition[]> {
    return []
  }

  async listFills(): Promise<BrokerFill[]> {
    return []
  }

  async account(): Promise<null> {
    return null
  }

  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void {
    this.#handler = handler
  }

  async tell(events: BrokerEvent[]): Promise<void> {
    if (events.length > 0) await this.#handler(events)
  }

  onQuote(): void {}

  status(): { connected: boolean } {
    return { connected: true }
  }

  async close(): Promise<void> {}
}
