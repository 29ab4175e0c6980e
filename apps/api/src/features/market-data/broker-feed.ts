import { listInstruments, listLatestBars } from '@quantdeck/db'
import { type Instrument, TRADING_MODES } from '@quantdeck/domain'

import { type Actor, systemActor } from '../../auth/actor.ts'
import type { AlpacaBar } from '../../broker/alpaca/data-wire.ts'
import type { FedSymbol, PriceSink } from '../../broker/alpaca/price-feed.ts'
import type { ReportProblem } from '../../broker/alpaca/problems.ts'
import type { Quote } from '../../broker/port.ts'
import type { Deps } from '../../deps.ts'
import { onQuote } from '../../desk/quote-flow.ts'
import { releaseWaitingOrders } from '../../desk/submit.ts'
import { postBars } from './operations-post-bars.ts'

/** As A08 for bars: a tick that is this far from the last price waits for a bar to confirm the level. */
const LARGEST_JUMP = 0.2

/** Prices of a broker's feed on the ordinary way: bars are judged and stored as posted ones are, trades move the marks. */
export class BrokerFeed implements PriceSink {
  readonly #deps: Deps
  readonly #report: ReportProblem
  readonly #actor: Actor = systemActor('broker-feed')
  /** One import per symbol and start, not one a minute. */
  readonly #imports = new Map<string, string>()

  constructor(deps: Deps, report: ReportProblem) {
    this.#deps = deps
    this.#report = report
  }

  /** Stocks in USD: what the feed has. */
  async symbols(): Promise<FedSymbol[]> {
    const { kysely } = this.#deps.db
    const stocks = (await listInstruments(kysely)).filter(isFed)
    const fed: FedSymbol[] = []
    for (const { symbol, barIntervalSeconds: intervalSeconds } of stocks) {
      const [last] = await listLatestBars(kysely, { symbol, intervalSeconds }, 1)
      fed.push({ symbol, intervalSeconds, lastBarOpenedAt: last?.openedAt ?? null })
    }
    return fed
  }

  async onTick(quote: Quote): Promise<void> {
    const { desk } = this.#deps
    if (!(await this.#isPlausible(quote))) return
    desk.quoteBroker(quote)
    for (const mode of TRADING_MODES) {
      await desk.run(mode, (ctx) => {
        if (!ctx.books.instruments.has(quote.symbol)) return
        if (mode === 'LIVE' && ctx.books.strategies.size === 0) return
        onQuote(ctx, quote)
        releaseWaitingOrders(ctx, quote.symbol)
      })
    }
  }

  async onBars(symbol: string, intervalSeconds: number, bars: readonly AlpacaBar[]): Promise<void> {
    const posted = await postBars(this.#deps, this.#actor, {
      symbol,
      intervalSeconds,
      bars: bars.map((bar, index) => ({
        index,
        line: null,
        openedAt: bar.t,
        open: bar.o,
        high: bar.h,
        low: bar.l,
        close: bar.c,
        volume: bar.v,
      })),
      rejected: [],
      fileName: null,
      importId: this.#imports.get(symbol) ?? null,
      isDryRun: false,
    })
    this.#imports.set(symbol, posted.importId)
  }

  async #isPlausible({ symbol, price, at }: Quote): Promise<boolean> {
    const mark = await this.#deps.desk.read('PAPER', (books) => books.marks.get(symbol))
    if (!mark || price.div(mark.price).minus(1).abs().lte(LARGEST_JUMP)) return true
    this.#report({
      severity: 'WARNING',
      code: 'BROKER_BAD_ANSWER',
      message: `A trade of ${symbol} at ${price.toFixed()} is far from the last price ${mark.price.toFixed()}: left out until a bar confirms it`,
      context: { symbol, price: price.toFixed(), last_price: mark.price.toFixed() },
      key: `tick:${symbol}:${at.toISOString().slice(0, 13)}`,
    })
    return false
  }
}

function isFed({ contractType, currency }: Instrument): boolean {
  return contractType === 'STOCK' && currency === 'USD'
}
