import { appendOutbox, findInstrument, findSetting, putSetting, transaction } from '@quantdeck/db'
import {
  calendarById,
  formatInstantInZone,
  marketStatus,
  nextClose,
  nextOpen,
  SECOND_MS,
  type Instrument,
} from '@quantdeck/domain'

import type { Deps } from '../deps.ts'
import type { MarketStatusData } from './signal-hub.ts'

const CHECK_MS = SECOND_MS
const SETTING = 'market_status'

function describe(instrument: Instrument, now: Date): MarketStatusData {
  const calendar = calendarById(instrument.calendar)
  const status = marketStatus(calendar, now)
  const [open, close] = [nextOpen(calendar, now), nextClose(calendar, now)]
  return {
    status,
    ...(open !== null && status !== 'open' && { next_open: formatInstantInZone(open, calendar.zone) }),
    ...(close !== null && status === 'open' && { next_close: formatInstantInZone(close, calendar.zone) }),
  }
}

/** Tells the stream when the market of PRIMARY_SYMBOL opens or closes, once, however many instances look. */
export class MarketWatch {
  readonly #deps: Deps
  readonly #wakeSealer: () => void
  #instrument: Instrument | null = null
  #announced: string | null = null
  #timer: NodeJS.Timeout | null = null
  #isBusy = false

  constructor(deps: Deps, wakeSealer: () => void) {
    this.#deps = deps
    this.#wakeSealer = wakeSealer
  }

  async start(): Promise<void> {
    const { hub, clock } = this.#deps
    hub.provideMarketStatus(() =>
      this.#instrument === null ? null : describe(this.#instrument, clock.now()),
    )
    await this.#check()
    this.#timer = setInterval(() => void this.#check(), CHECK_MS)
    this.#timer.unref()
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  async #check(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      const { db, env, clock } = this.#deps
      this.#instrument ??= await findInstrument(db.kysely, env.primarySymbol)
      if (this.#instrument === null) return
      const current = describe(this.#instrument, clock.now())
      if (current.status !== this.#announced) await this.#announce(current)
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'could not announce the market status; trying again')
    } finally {
      this.#isBusy = false
    }
  }

  /** The setting is the memory of all instances: whoever changes it tells the stream. */
  async #announce(current: MarketStatusData): Promise<void> {
    const { db, clock } = this.#deps
    const at = clock.now()
    const isNew = await transaction(db, async (trx) => {
      if ((await findSetting(trx, SETTING)) === current.status) return false
      await putSetting(trx, SETTING, current.status, at)
      await appendOutbox(trx, [
        { topic: 'market_status', key: null, payload: { ...current }, createdAt: at, push: true },
      ])
      return true
    })
    this.#announced = current.status
    if (isNew) this.#wakeSealer()
  }
}
