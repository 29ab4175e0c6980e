import {
  ensureDefined,
  Decimal,
  usdRateOf,
  type Order,
  type TradingMode,
  type VirtualClock,
} from '@quantdeck/domain'

import { SimulatedExchange } from '../../src/broker/simulated-exchange.ts'
import { settle } from '../../src/desk/bar-flow.ts'
import { onBrokerEvents } from '../../src/desk/broker-events.ts'
import type { OrderDraft } from '../../src/desk/order-draft.ts'
import { onQuote } from '../../src/desk/quote-flow.ts'
import { recordEquity } from '../../src/desk/risk-fold.ts'
import { submitOrder } from '../../src/desk/submit.ts'
import type { Deps } from '../../src/deps.ts'

/** What a seeded order says; the rest is a plain market day order. */
export type SeedOrder = Pick<OrderDraft, 'strategyId' | 'side' | 'isEntry'> & { quantity: string } & Partial<
    Pick<OrderDraft, 'orderType' | 'limitPrice' | 'stopLoss' | 'takeProfit' | 'timeInForce'>
  >

export interface Step {
  at: string
  symbol: string
  price: string
  orders?: readonly SeedOrder[]
  mode?: TradingMode
}

const FREE = { slippageBps: 0, feeBps: 0, minimumFeeUsd: 0 }

/**
 * Plays prices and orders through the desk on a virtual clock, as the demo's history does: risk, order, fill, position,
 * equity, all real. Only costs are nil, so that a position is entered at exactly the price of a document's example.
 */
export class SeedMarket {
  readonly #deps: Deps
  readonly #clock: VirtualClock
  readonly #exchange: SimulatedExchange

  constructor(deps: Deps, clock: VirtualClock) {
    this.#deps = deps
    this.#clock = clock
    const instrumentOf = (symbol: string) => deps.desk.instrument(symbol)
    this.#exchange = new SimulatedExchange({ instrumentOf, usdRateOf, costs: FREE })
  }

  /** A price at an instant, then its orders. Answers the orders as they were judged. */
  async play({ at, symbol, price, orders = [], mode = 'PAPER' }: Step): Promise<Order[]> {
    this.#clock.advanceTo(new Date(at))
    const quote = { symbol, price: new Decimal(price), at: this.#clock.now() }
    const submitted = await this.#deps.desk.run(mode, (ctx) => {
      onBrokerEvents(ctx, this.#exchange.onQuote(quote))
      settle(ctx, { exchange: this.#exchange })
      onQuote(ctx, quote)
      const done = orders.map((order) => {
        const book = ensureDefined(ctx.books.strategies.get(order.strategyId), order.strategyId)
        return submitOrder(ctx, book, draftOf(order, symbol)).order
      })
      settle(ctx, { exchange: this.#exchange })
      recordEquity(ctx, new Set([symbol]))
      return done
    })
    this.#deps.desk.quoteBroker(quote)
    return submitted
  }
}

function draftOf(order: SeedOrder, symbol: string): OrderDraft {
  return {
    orderType: 'MARKET',
    limitPrice: null,
    stopLoss: null,
    takeProfit: null,
    timeInForce: 'DAY',
    ...order,
    symbol,
    quantity: new Decimal(order.quantity),
    stopPrice: null,
    origin: 'api',
    reduceOnly: !order.isEntry,
    signalId: null,
  }
}
