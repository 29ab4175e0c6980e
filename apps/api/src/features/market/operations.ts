import { listInstruments, listMarks } from '@quantdeck/db'
import {
  calendarById,
  type Decimal,
  type Instrument,
  type MarketStatus,
  marketStatus,
  nextClose,
  nextOpen,
} from '@quantdeck/domain'
import type { Actor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { longestFreshSeconds } from '../../desk/feed-watch.ts'
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
  /** No fresh price for longer than R18 allows, in session time. */
  isStale: boolean
}

/** Every instrument with its price and session. Market data is common: everybody who may log in sees it. */
export async function listMarkets(deps: Deps, _actor: Actor): Promise<MarketState[]> {
  const now = deps.clock.now()
  const marks = new Map((await listMarks(deps.db.kysely)).map((mark) => [mark.symbol, mark]))
  return (await listInstruments(deps.db.kysely)).map((instrument) => {
    const mark = marks.get(instrument.symbol)
    return marketState(instrument, mark ?? null, { now, primarySymbol: deps.desk.settings.primarySymbol })
  })
}

export function marketState(
  instrument: Instrument,
  mark: { price: Decimal; at: Date } | null,
  { now, primarySymbol }: { now: Date; primarySymbol: string },
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
    isStale: mark === null || feedAgeSeconds(instrument, mark.at, now) > longestFreshSeconds(instrument),
  }
}
