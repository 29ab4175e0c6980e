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
import { type BarTools, playClose, playOpen } from '../desk/bar-flow.ts'
import { onQuote } from '../desk/quote-flow.ts'
import { recordEquity } from '../desk/risk-fold.ts'
import { releaseWaitingOrders } from '../desk/submit.ts'
import { DemoModels } from './models.ts'
import { type DemoProgress, putProgress } from './progress.ts'
import { readSpxRows, spxBar } from './spx-series.ts'
import { sessionBars, toBar, USDCOP_BAR_SECONDS } from './timeline.ts'
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
  #busy: Promise<void> = Promise.resolve()

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
    await this.#tick()
    this.#timer = setInterval(() => {
      this.#busy = this.#busy
        .then(() => this.#tick())
        .catch((error: unknown) => this.#deps.log.error({ err: error }, 'a demo tick failed'))
    }, TICK_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.#busy
  }

  async #catchUp(): Promise<void> {
    const now = this.#deps.clock.now()
    const missed = missedSessions('USDCOP', this.#progress.usdcopUntil, now)
    for (const session of missed) {
      for (const bar of sessionBars(session, this.#market)) await this.#playBar(bar, { push: false })
      this.#progress.usdcopUntil = session.closeMs
    }
    await this.#playIndex(now)
  }

  /** The index gets its bar when a New York session has closed. */
  async #playIndex(now: Date): Promise<void> {
    const rows = readSpxRows()
    if (!rows) return
    for (const session of missedSessions('NYSE', this.#progress.spxUntil, now)) {
      const times = { openAt: new Date(session.openMs), closeAt: new Date(session.closeMs) }
      const bar = spxBar(rows, this.#progress.spxIndex, times)
      this.#progress = { ...this.#progress, spxIndex: this.#progress.spxIndex + 1, spxUntil: session.closeMs }
      await this.#playBar(bar, { push: true })
    }
  }

  async #playBar(bar: Bar, { push }: { push: boolean }): Promise<void> {
    await this.#deps.desk.run(
      'PAPER',
      async (ctx, trx) => {
        const tools = { ...this.#tools, db: trx }
        ctx.changes.bars.push(bar)
        playOpen(ctx, bar, tools)
        await playClose(ctx, bar, tools)
        await putProgress(trx, this.#snapshot(), ctx.at)
      },
      { at: bar.closedAt, push },
    )
  }

  async #tick(): Promise<void> {
    const { desk, clock } = this.#deps
    const at = clock.now()
    const price = new Decimal(this.#market.nextTick().toFixed(2))
    const finished = this.#grow(price.toNumber(), at)
    const speakers = this.#due(at)
    await desk.run('PAPER', async (ctx, trx) => {
      onQuote(ctx, { symbol: 'USD/COP', price, at })
      releaseWaitingOrders(ctx, 'USD/COP')
      for (const strategyId of speakers) this.#models.speak(ctx, strategyId, price, dayInZone(at, BOGOTA))
      if (finished) {
        ctx.changes.bars.push(finished)
        await this.#tools.runner.onBar(ctx, trx, finished)
        recordEquity(ctx, new Set(['USD/COP']))
      }
      if (finished || speakers.length > 0) await putProgress(trx, this.#snapshot(), at)
    })
    desk.quoteBroker({ symbol: 'USD/COP', price, at })
    if (finished) await this.#playIndex(at)
  }

  #snapshot(): DemoProgress {
    this.#progress = { ...this.#progress, market: this.#market.snapshot(), models: this.#models.snapshot() }
    return this.#progress
  }

  #due(at: Date): string[] {
    const due = [...this.#nextSpeech].filter(([, next]) => next <= at.getTime()).map(([id]) => id)
    for (const id of due) this.#nextSpeech.set(id, (this.#nextSpeech.get(id) ?? at.getTime()) + MINUTE_MS)
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

/** Sessions that closed after the last one that was played; after a long pause only the last few. */
function missedSessions(calendar: 'NYSE' | 'USDCOP', untilMs: number, now: Date): Session[] {
  return sessionsBetween(calendarById(calendar), untilMs, now)
    .filter((session) => session.openMs >= untilMs && session.closeMs <= now.getTime())
    .slice(-MAX_CATCH_UP_SESSIONS)
}
