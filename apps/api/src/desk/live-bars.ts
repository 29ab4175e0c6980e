import {
  type Bar,
  calendarById,
  type Clock,
  sessionIntervalSeconds,
  sessionMsBetween,
  TRADING_MODES,
} from '@quantdeck/domain'
import type { SimulatedExchange } from '../broker/simulated-exchange.ts'
import { playClose, playOpen } from './bar-flow.ts'
import type { Books } from './books.ts'
import type { Desk } from './desk.ts'
import type { ReferenceRunner } from './reference-runner.ts'

/** Bars that are older than this many intervals of session time are history: stored for backtests, never traded on. */
const FRESH_INTERVALS = 2

/**
 * Bars that a feed posts, on their way into trading. Only bars that are news are played: closed, newer than the last
 * price of their symbol, and not older than two intervals, so that an import of ten years starts no trade.
 */
export class LiveBars {
  readonly #desk: Desk
  readonly #clock: Clock
  readonly #exchange: SimulatedExchange | null
  readonly #runner: ReferenceRunner

  constructor(parts: {
    desk: Desk
    clock: Clock
    exchange: SimulatedExchange | null
    runner: ReferenceRunner
  }) {
    this.#desk = parts.desk
    this.#clock = parts.clock
    this.#exchange = parts.exchange
    this.#runner = parts.runner
  }

  /** The bars are stored already. Oldest first, each in a transaction of its own. */
  async onBars(bars: readonly Bar[]): Promise<void> {
    const ordered = [...bars].sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime())
    for (const bar of ordered) await this.#onBar(bar)
  }

  async #onBar(bar: Bar): Promise<void> {
    const isNews = await this.#desk.read('PAPER', (books) => this.#isNews(books, bar))
    if (!isNews) return
    for (const mode of TRADING_MODES) {
      await this.#desk.run(mode, async (ctx, trx) => {
        if (ctx.books.strategies.size === 0) return
        const tools = { exchange: this.#exchange, runner: this.#runner, db: trx }
        playOpen(ctx, bar, tools)
        await playClose(ctx, bar, tools)
      })
    }
  }

  #isNews(books: Books, bar: Bar): boolean {
    const instrument = books.instruments.get(bar.symbol)
    const mark = books.marks.get(bar.symbol)
    const now = this.#clock.now()
    if (!instrument || bar.intervalSeconds !== instrument.barIntervalSeconds || bar.closedAt > now)
      return false
    if (mark && mark.at >= bar.closedAt) return false
    const calendar = calendarById(instrument.calendar)
    const ageSeconds = sessionMsBetween(calendar, bar.closedAt, now) / 1000
    return ageSeconds <= FRESH_INTERVALS * sessionIntervalSeconds(calendar, bar.intervalSeconds)
  }
}
