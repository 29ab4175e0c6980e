import { type Clock, DAY_MS, MINUTE_MS, SECOND_MS } from '@quantdeck/domain'
import type { Quote } from '../port.ts'
import { DataStream } from './data-stream.ts'
import { type AlpacaBar, restBars } from './data-wire.ts'
import { type AlpacaAccess, AlpacaHttp } from './http.ts'
import { type ReportProblem, shown } from './problems.ts'
import { RequestBudget } from './request-budget.ts'

/** A symbol whose prices are wanted, and up to where its bars are known. */
export interface FedSymbol {
  symbol: string
  intervalSeconds: number
  /** Null: none yet. */
  lastBarOpenedAt: Date | null
}

/** Where prices go on to: the ordinary way of bars and quotes. */
export interface PriceSink {
  symbols(): Promise<FedSymbol[]>
  onTick(quote: Quote): Promise<void>
  /** Closed bars, oldest first; known ones may be among them. */
  onBars(symbol: string, intervalSeconds: number, bars: readonly AlpacaBar[]): Promise<void>
}

export interface PriceFeedParts {
  access: AlpacaAccess
  /** `https://data.alpaca.markets` */
  dataUrl: string
  feed: 'iex' | 'sip'
  clock: Clock
  report: ReportProblem
  onError: (error: unknown) => void
  sink: PriceSink
}

/** A trade every few milliseconds is no more news than one a second. */
const TICK_MS = SECOND_MS
const LOOK_MS = 15 * SECOND_MS
/** Alpaca makes a bar a moment after its interval. */
const BAR_DELAY_MS = 5 * SECOND_MS
/** History for who has none; more comes by import. */
const FIRST_BARS = 500
const PAGE = 1_000
const MOST_PAGES = 50
const TIMEOUT_MS = 15_000

/**
 * Prices from Alpaca: trades as they come, at most one a second and symbol; bars of one minute as they come; and bars of any
 * interval by asking for those that have closed since the last one that is known, which also fills every gap.
 */
export class PriceFeed {
  readonly #parts: PriceFeedParts
  readonly #http: AlpacaHttp
  readonly #stream: DataStream
  readonly #ticks = new Map<string, Quote>()
  readonly #intervals = new Map<string, number>()
  #timers: NodeJS.Timeout[] = []
  #work: Promise<void> = Promise.resolve()
  #isLooking = false
  #isTicking = false

  constructor(parts: PriceFeedParts) {
    this.#parts = parts
    const { access, dataUrl, clock, report } = parts
    const budget = new RequestBudget(clock)
    this.#http = new AlpacaHttp({ access: { ...access, baseUrl: dataUrl }, clock, report, budget })
    this.#stream = new DataStream({
      url: dataStreamUrl(dataUrl, parts.feed),
      access,
      report,
      onTrade: (quote) => this.#ticks.set(quote.symbol, quote),
      onBar: (symbol, bar) => this.#onMinute(symbol, bar),
    })
  }

  start(): void {
    this.#stream.open()
    this.#look()
    this.#timers = [setInterval(() => this.#look(), LOOK_MS), setInterval(() => this.#passTicks(), TICK_MS)]
    for (const timer of this.#timers) timer.unref()
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#stream.close()
    await this.#work
  }

  #passTicks(): void {
    if (this.#isTicking || this.#ticks.size === 0) return
    this.#isTicking = true
    const ticks = [...this.#ticks.values()]
    this.#ticks.clear()
    this.#enqueue(
      async () => {
        for (const tick of ticks) await this.#parts.sink.onTick(tick)
      },
      () => (this.#isTicking = false),
    )
  }

  #onMinute(symbol: string, bar: AlpacaBar): void {
    if (this.#intervals.get(symbol) !== 60) return
    this.#enqueue(() => this.#parts.sink.onBars(symbol, 60, [bar]))
  }

  #look(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    this.#enqueue(
      () => this.#lookAtAll(),
      () => (this.#isLooking = false),
    )
  }

  async #lookAtAll(): Promise<void> {
    const symbols = await this.#parts.sink.symbols()
    this.#intervals.clear()
    for (const { symbol, intervalSeconds } of symbols) this.#intervals.set(symbol, intervalSeconds)
    this.#stream.want(new Set(this.#intervals.keys()))
    for (const fed of symbols.filter((each) => this.#isDue(each))) await this.#fetchBars(fed)
  }

  #isDue({ intervalSeconds, lastBarOpenedAt }: FedSymbol): boolean {
    if (timeframeOf(intervalSeconds) === null) return false
    if (lastBarOpenedAt === null) return true
    const nextClosedMs = lastBarOpenedAt.getTime() + 2 * intervalSeconds * SECOND_MS
    return nextClosedMs + BAR_DELAY_MS <= this.#parts.clock.nowMs()
  }

  async #fetchBars({ symbol, intervalSeconds, lastBarOpenedAt }: FedSymbol): Promise<void> {
    const timeframe = timeframeOf(intervalSeconds)
    if (timeframe === null) return
    const intervalMs = intervalSeconds * SECOND_MS
    const now = this.#parts.clock.nowMs()
    // A market is open for a part of the day only: enough days to have as many bars.
    const firstMs = now - Math.max(FIRST_BARS * intervalMs, 7 * DAY_MS)
    const startMs = lastBarOpenedAt === null ? firstMs : lastBarOpenedAt.getTime() + intervalMs
    let token: string | null = null
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer: { bars: Record<string, AlpacaBar[]>; next_page_token: string | null } =
        await this.#http.send({
          method: 'GET',
          path: '/v2/stocks/bars',
          query: {
            symbols: symbol,
            timeframe,
            start: new Date(startMs).toISOString(),
            limit: String(PAGE),
            adjustment: 'raw',
            feed: this.#parts.feed,
            sort: 'asc',
            ...(token !== null && { page_token: token }),
          },
          priority: 'query',
          timeoutMs: TIMEOUT_MS,
          answer: restBars,
        })
      const closed = (answer.bars[symbol] ?? []).filter((bar) => bar.t.getTime() + intervalMs <= now)
      if (closed.length > 0) await this.#parts.sink.onBars(symbol, intervalSeconds, closed)
      token = answer.next_page_token
      if (token === null) return
    }
    this.#parts.report({
      severity: 'WARNING',
      code: 'BROKER_BAD_ANSWER',
      message: `Alpaca has more bars of ${shown(symbol)} than are read at once: the rest follows`,
      context: { symbol: shown(symbol) },
      key: `bars:${shown(symbol)}`,
    })
  }

  /** One thing after the other; what fails is tried with the next look. */
  #enqueue(work: () => Promise<void>, done: () => void = () => {}): void {
    this.#work = this.#work.then(work).catch(this.#parts.onError).finally(done)
  }
}

/** Alpaca's word for an interval; null if it has none: https://docs.alpaca.markets/reference/stockbars */
export function timeframeOf(intervalSeconds: number): string | null {
  const minutes = (intervalSeconds * SECOND_MS) / MINUTE_MS
  if (!Number.isInteger(minutes) || minutes < 1) return null
  if (minutes <= 59) return `${minutes}Min`
  if (minutes % 60 === 0 && minutes <= 23 * 60) return `${minutes / 60}Hour`
  return minutes === 24 * 60 ? '1Day' : null
}

/** `https://data.alpaca.markets` streams at `wss://stream.data.alpaca.markets`; any other host at itself. */
export function dataStreamUrl(dataUrl: string, feed: string): string {
  const url = new URL(dataUrl)
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:'
  if (/^data\.(sandbox\.)?alpaca\.markets$/.test(url.hostname)) url.hostname = `stream.${url.hostname}`
  url.pathname = `/v2/${feed}`
  return url.href
}
