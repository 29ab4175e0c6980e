import { Decimal, type TradingMode } from '@quantdeck/domain'
import type { BrokerEvent, BrokerFill, BrokerOrder, BrokerPosition } from './port.ts'

/** Fills that it can still list. */
const MOST_FILLS = 10_000

/** What the simulated exchange holds for its customers: positions as the sum of fills, and the fills themselves. */
export class SimulatedHoldings {
  readonly #quantities = new Map<string, Decimal>()
  readonly #fills: { mode: TradingMode; fill: BrokerFill }[] = []

  add(mode: TradingMode, symbol: string, quantity: Decimal): void {
    const key = `${mode} ${symbol}`
    const sum = (this.#quantities.get(key) ?? new Decimal(0)).plus(quantity)
    if (sum.isZero()) this.#quantities.delete(key)
    else this.#quantities.set(key, sum)
  }

  book(order: BrokerOrder, fill: BrokerFill): void {
    this.add(order.mode, order.symbol, signed(order, fill))
    this.#fills.push({ mode: order.mode, fill })
    if (this.#fills.length > MOST_FILLS) this.#fills.shift()
  }

  /** Takes the fills of an order back that never existed. */
  unbook(order: BrokerOrder, events: readonly BrokerEvent[]): void {
    for (const event of events) {
      if (event.type !== 'fill') continue
      this.add(order.mode, order.symbol, signed(order, event).neg())
      const index = this.#fills.findLastIndex(({ fill }) => fill.brokerTradeId === event.brokerTradeId)
      if (index >= 0) this.#fills.splice(index, 1)
    }
  }

  positions(mode: TradingMode): BrokerPosition[] {
    const prefix = `${mode} `
    return [...this.#quantities]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, quantity]) => ({ symbol: key.slice(prefix.length), quantity }))
  }

  fillsSince(mode: TradingMode, since: Date): BrokerFill[] {
    return this.#fills.filter((one) => one.mode === mode && one.fill.at >= since).map(({ fill }) => fill)
  }
}

function signed(order: BrokerOrder, fill: BrokerFill): Decimal {
  return order.side === 'BUY' ? fill.quantity : fill.quantity.neg()
}
