import { Decimal, ZERO } from '@quantdeck/domain'
import type { BrokerFill } from '../port.ts'

const MOST_ORDERS = 10_000

interface Heard {
  /** Trade id -> the stream's own id of the execution, if it came from the stream. */
  trades: Map<string, string | null>
  total: Decimal
}

/** What this process has heard of the fills of each order, to notice what comes twice and what is missing. */
export class HeardFills {
  readonly #orders = new Map<string, Heard>()

  /** @returns `again` for a fill that was heard before, `contradiction` if the stream gave it another id then */
  add(fill: BrokerFill, executionId: string | null): 'new' | 'again' | 'contradiction' {
    const heard = this.#heardOf(fill.brokerOrderId)
    const before = heard.trades.get(fill.brokerTradeId)
    if (before !== undefined) {
      const isOther = before !== null && executionId !== null && before !== executionId
      return isOther ? 'contradiction' : 'again'
    }
    heard.trades.set(fill.brokerTradeId, executionId)
    heard.total = heard.total.plus(fill.quantity)
    return 'new'
  }

  totalOf(brokerOrderId: string): Decimal {
    return this.#orders.get(brokerOrderId)?.total ?? ZERO
  }

  #heardOf(brokerOrderId: string): Heard {
    const known = this.#orders.get(brokerOrderId)
    if (known) return known
    const oldest = this.#orders.size >= MOST_ORDERS ? this.#orders.keys().next().value : undefined
    if (oldest !== undefined) this.#orders.delete(oldest)
    const heard: Heard = { trades: new Map(), total: new Decimal(0) }
    this.#orders.set(brokerOrderId, heard)
    return heard
  }
}
