import { calendarById, formatInstant, type Instrument, sessionIntervalSeconds } from '@quantdeck/domain'
import { DEFAULT_LIMITS } from '@quantdeck/risk'
import type { Books, Mark } from './books.ts'
import type { NewAlert } from './changes.ts'
import type { Desk } from './desk.ts'
import { feedAgeSeconds } from './risk-request.ts'

/** The longest age of a price that is still fresh (R18), in session time. */
export function longestFreshSeconds(instrument: Instrument): number {
  const interval = sessionIntervalSeconds(calendarById(instrument.calendar), instrument.barIntervalSeconds)
  return interval * DEFAULT_LIMITS.maxBarAgeBars
}

/** A07: the feed of a symbol that somebody trades went silent. */
interface Outage {
  instrument: Instrument
  mark: Mark
  ageSeconds: number
}

/** Raises one alert per outage: an outage is named by the last price before it, so neither a restart nor a second process repeats it. */
export class FeedWatch {
  readonly #desk: Desk
  /** The last price before the outage that was told, by symbol. */
  readonly #told = new Map<string, number>()

  constructor(desk: Desk) {
    this.#desk = desk
  }

  async check(): Promise<void> {
    const outages = await this.#desk.read('PAPER', outagesOf)
    const news = outages.filter(
      ({ instrument, mark }) => this.#told.get(instrument.symbol) !== mark.at.getTime(),
    )
    if (news.length === 0) return
    await this.#desk.run('PAPER', (ctx) => {
      for (const outage of news) ctx.changes.alerts.push(alertOf(outage, ctx.at))
    })
    for (const { instrument, mark } of news) this.#told.set(instrument.symbol, mark.at.getTime())
  }
}

/** Symbols that an active strategy trades or somebody holds. An old import is history, not a feed that went down. */
export function watchedSymbols(books: Books): Set<string> {
  const watched = new Set<string>()
  for (const { strategy, open } of books.strategies.values()) {
    if (strategy.status === 'active' && strategy.mode !== 'BACKTEST')
      for (const symbol of strategy.universe) watched.add(symbol)
    for (const symbol of open.keys()) watched.add(symbol)
  }
  return watched
}

function outagesOf(books: Books, at: Date): Outage[] {
  return [...watchedSymbols(books)].flatMap((symbol) => {
    const instrument = books.instruments.get(symbol)
    const mark = books.marks.get(symbol)
    if (!instrument || !mark) return []
    const ageSeconds = feedAgeSeconds(instrument, mark.at, at)
    return ageSeconds > longestFreshSeconds(instrument) ? [{ instrument, mark, ageSeconds }] : []
  })
}

function alertOf({ instrument, mark, ageSeconds }: Outage, at: Date): NewAlert {
  const { symbol } = instrument
  return {
    severity: 'ERROR',
    code: 'FEED_DOWN',
    message: `No price of ${symbol} for ${Math.floor(ageSeconds / 60)} minutes of session time: entries in it are refused`,
    context: { symbol, last_price_at: formatInstant(mark.at), age_seconds: ageSeconds },
    strategyId: null,
    createdAt: at,
    dedupeKey: `FEED_DOWN:${symbol}:${mark.at.getTime()}`,
  }
}
