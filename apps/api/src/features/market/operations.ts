import { listInstruments, listMarks } from '@quantdeck/db'
import {
  calendarById,
  type Decimal,
  type Instrument,
  type MarketStatus,
  marketStatus,
  nextClose,
  nextOpen,
  TRADING_MODES,
} from '@quantdeck/domain'
import type { Actor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { longestFreshSeconds, watchedSymbols } from '../../desk/feed-watch.ts'
import { feedAgeSeconds } from '../../desk/risk-request.ts'

export interface MarketState {
  instrument: Instrument
  status: MarketStatus
  price: Decimal | null
  priceAt: Date | null
  nextOpen: Date | null
  nextClose: Date | null
  zone: string
  calendarLabel: string
  isPrimary: boolean
  /** Somebody trades or holds it, and there is no fresh price for longer than R18 allows, in session time. */
  isStale: boolean
}

/** Every instrument with its price and session. Market data is common: everybody who may log in sees it. */
export async function listMarkets(deps: Deps, _actor: Actor): Promise<MarketState[]> {
  const now = deps.clock.now()
  const watched = await watchedNow(deps)
  const marks = new Map((await listMarks(deps.db.kysely)).map((mark) => [mark.symbol, mark]))
  return (await listInstruments(deps.db.kysely)).map((instrument) => {
    const mark = marks.get(instrument.symbol)
    const { primarySymbol } = deps.desk.settings
    const isWatched = watched.has(instrument.symbol)
    return marketState(instrument, mark ?? null, { now, primarySymbol, isWatched })
  })
}

async function watchedNow(deps: Deps): Promise<Set<string>> {
  const watched = new Set<string>()
  for (const mode of TRADING_MODES) {
    for (const symbol of await deps.desk.read(mode, watchedSymbols)) watched.add(symbol)
  }
  return watched
}

function marketState(
  instrument: Instrument,
  mark: { price: Decimal; at: Date } | null,
  { now, primarySymbol, isWatched }: { now: Date; primarySymbol: string; isWatched: boolean },
): MarketState {
  const calendar = calendarById(instrument.calendar)
  return {
    instrument,
    status: marketStatus(calendar, now),
    price: mark?.price ?? null,
    priceAt: mark?.at ?? null,
    nextOpen: nextOpen(calendar, now),
    nextClose: nextClose(calendar, now),
    zone: calendar.zone,
    calendarLabel: calendar.label,
    isPrimary: instrument.symbol === primarySymbol,
    isStale:
      isWatched &&
      (mark === null || feedAgeSeconds(instrument, mark.at, now) > longestFreshSeconds(instrument)),
  }
}
