import type { Trx } from '@quantdeck/db'
import {
  type Bar,
  calendarById,
  dayInZone,
  Decimal,
  MINUTE_MS,
  SECOND_MS,
  type Session,
  sessionsBetween,
} from '@quantdeck/domain'
import type { Deps } from '../deps.ts'
import type { BarTools } from '../desk/bar-flow.ts'
import type { DeskContext } from '../desk/context.ts'
import { onQuote } from '../desk/quote-flow.ts'
import { recordEquity } from '../desk/risk-fold.ts'
import { releaseWaitingOrders } from '../desk/submit.ts'
import { DemoModels } from './models.ts'
import { type DemoProgress, putProgress } from './progress.ts'
import { readSpxRows, spxBar } from './spx-series.ts'
import { playEvent } from './play.ts'
import { inTimeOrder, sessionBars, toBar, USDCOP_BAR_SECONDS } from './timeline.ts'
import { DEMO_SEED } from './catalog.ts'
import { UsdCopMarket } from './usdcop-series.ts'

const TICK_MS = 2 * SECOND_MS
const MAX_CATCH_UP_SESSIONS = 5
const BOGOTA = 'America/Bogota'

interface OpenBar {
  startMs: number
  open: number
  high: number
  low: number
  close: number
  volume: number
}

interface Tick {
  price: Decimal
  at: Date
  /** The bar that this tick ended. */
  finished: Bar | null
  /** The models whose minute is over. */
  speakers: string[]
}

/** The demo market on the wall clock: USD/COP ticks, models that speak every minute, a new index bar after each session. */
export class LiveDemo {
  readonly #deps: Deps
  readonly #tools: Omit<BarTools, 'db'>
  readonly #market = new UsdCopMarket(DEMO_SEED)
  readonly #models = new DemoModels()
  #progress: DemoProgress
  #bar: OpenBar | null = null
  #nextSpeech: Map<string, number>
  #timer: NodeJS.Timeout | null = null
  #busy: Promise<unknown> = Promise.resolve()
  #isTicking = false

  constructor(deps: Deps, tools: Omit<BarTools, 'db'>, progress: DemoProgress) {
    this.#deps = deps
    this.#tools = tools
    this.#progress = progress
    if (progress.market) this.#market.restore(progress.market)
    this.#models.restore(progress.models)
    const now = deps.clock.nowMs()
    const ids = this.#models.strategyIds
    this.#nextSpeech = new Map(ids.map((id, index) => [id, now + TICK_MS + (index * MINUTE_MS) / ids.length]))
  }

  /** Plays what was missed, at most five sessions, then ticks. */
  async start(): Promise<void> {
    await this.#catchUp()
    await this.tick()
    this.#timer = setInterval(() => this.#tickUnlessBusy(), TICK_MS)
    this.#timer.unref()
  }

  /** A tick that takes longer than its interval is not followed by a queue of others. */
  #tickUnlessBusy(): void {
    if (this.#isTicking) return
    this.#isTicking = true
    this.#busy = this.tick()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'a demo tick failed'))
      .finally(() => (this.#isTicking = false))
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.#busy
  }

  /** What both markets did meanwhile, in the order of time. The models were away: they say nothing about it. */
  async #catchUp(): Promise<void> {
    const now = this.#deps.clock.now()
    const sessions = missedSessions('USDCOP', this.#progress.usdcopUntil, now)
    const usdcop = sessions.flatMap((session) => sessionBars(session, this.#market))
    const usdcopUntil = sessions.at(-1)?.closeMs ?? this.#progress.usdcopUntil
    const index = this.#missedIndex(now)
    this.#progress = { ...this.#progress, ...index.progress, usdcopUntil }
    await this.#play([...usdcop, ...index.bars], { push: false })
  }

  /** The index gets its bar when a New York session has closed. */
  async #playIndex(now: Date): Promise<void> {
    const { bars, progress } = this.#missedIndex(now)
    this.#progress = { ...this.#progress, ...progress }
    await this.#play(bars, { push: true })
  }

  #missedIndex(now: Date): { bars: Bar[]; progress: Pick<DemoProgress, 'spxIndex' | 'spxUntil'> } {
    const { spxIndex, spxUntil } = this.#progress
    const rows = readSpxRows()
    const sessions = rows ? missedSessions('NYSE', spxUntil, now) : []
    const bars = sessions.map((session, offset) =>
      spxBar(rows ?? [], spxIndex + offset, {
        openAt: new Date(session.openMs),
        closeAt: new Date(session.closeMs),
      }),
    )
    const progress = {
      spxIndex: spxIndex + bars.length,
      spxUntil: sessions.at(-1)?.closeMs ?? spxUntil,
    }
    return { bars, progress }
  }

  async #play(bars: readonly Bar[], { push }: { push: boolean }): Promise<void> {
    const events = inTimeOrder(bars)
    const last = events.at(-1)
    if (!last) return
    const { desk } = this.#deps
    await desk.run(
      'PAPER',
      async (ctx, trx) => {
        for (const event of events) await playEvent(ctx, { ...this.#tools, db: trx }, event)
        await putProgress(trx, this.#snapshot(), last.at)
      },
      { at: last.at, push },
    )
    await desk.run(
      'LIVE',
      async (ctx, trx) => {
        if (ctx.books.strategies.size === 0) return
        for (const event of events) await playEvent(ctx, { ...this.#tools, db: trx }, event)
      },
      { at: last.at, push },
    )
  }

  /** One price, two seconds after the last one. The timer calls it; a test may, on a clock of its own. */
  async tick(): Promise<void> {
    const { desk, clock } = this.#deps
    const at = clock.now()
    const price = new Decimal(this.#market.nextTick().toFixed(2))
    const finished = this.#grow(price.toNumber(), at)
    const tick: Tick = { price, at, finished, speakers: this.#due(at) }
    // The broker first: what this price causes must not fill at the one before.
    desk.quoteBroker({ symbol: 'USD/COP', price, at })
    await desk.run('PAPER', async (ctx, trx) => {
      if (finished) ctx.changes.bars.push(finished)
      await this.#onTick(ctx, trx, tick)
      if (finished || tick.speakers.length > 0) await putProgress(trx, this.#snapshot(), at)
    })
    // Strategies that were moved to LIVE trade on the same prices.
    await desk.run('LIVE', async (ctx, trx) => {
      if (ctx.books.strategies.size > 0) await this.#onTick(ctx, trx, tick)
    })
    if (finished) await this.#playIndex(at)
  }

  async #onTick(ctx: DeskContext, trx: Trx, { price, at, finished, speakers }: Tick): Promise<void> {
    onQuote(ctx, { symbol: 'USD/COP', price, at })
    releaseWaitingOrders(ctx, 'USD/COP')
    for (const strategyId of speakers) this.#models.speak(ctx, strategyId, price, dayInZone(at, BOGOTA))
    if (!finished) return
    await this.#tools.runner.onBar(ctx, trx, finished)
    recordEquity(ctx, new Set(['USD/COP']))
  }

  #snapshot(): DemoProgress {
    this.#progress = { ...this.#progress, market: this.#market.snapshot(), models: this.#models.snapshot() }
    return this.#progress
  }

  #due(at: Date): string[] {
    const due = [...this.#nextSpeech].filter(([, next]) => next <= at.getTime()).map(([id]) => id)
    for (const id of due) this.#nextSpeech.set(id, nextMinute(this.#nextSpeech.get(id) ?? 0, at))
    return due
  }

  /** Adds a tick to the running bar; answers the bar that it ended. */
  #grow(price: number, at: Date): Bar | null {
    const startMs = Math.floor(at.getTime() / (USDCOP_BAR_SECONDS * 1000)) * USDCOP_BAR_SECONDS * 1000
    const running = this.#bar
    if (running && running.startMs === startMs) {
      running.high = Math.max(running.high, price)
      running.low = Math.min(running.low, price)
      running.close = price
      running.volume += 1
      return null
    }
    this.#bar = { startMs, open: price, high: price, low: price, close: price, volume: 1 }
    if (!running) return null
    this.#progress.usdcopUntil = running.startMs + USDCOP_BAR_SECONDS * 1000
    return toBar(running, running.startMs)
  }
}

/** A minute after the last time; after a pause (the machine slept) a minute from now, for what was missed is over. */
function nextMinute(last: number, at: Date): number {
  return last + MINUTE_MS > at.getTime() ? last + MINUTE_MS : at.getTime() + MINUTE_MS
}

/** Sessions that closed after the last one that was played; after a long pause only the last few. */
function missedSessions(calendar: 'NYSE' | 'USDCOP', untilMs: number, now: Date): Session[] {
  return sessionsBetween(calendarById(calendar), untilMs, now)
    .filter((session) => session.openMs >= untilMs && session.closeMs <= now.getTime())
    .slice(-MAX_CATCH_UP_SESSIONS)
}
