import * as db from '@quantdeck/db'
import {
  type Calendar,
  calendarById,
  DAY_MS,
  type Instrument,
  sessionMsBetween,
  sessionsBetween,
} from '@quantdeck/domain'
import { type Actor, requireRole } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { longestFreshSeconds } from '../../desk/feed-watch.ts'
import { feedAgeSeconds } from '../../desk/risk-request.ts'

export interface Gap {
  /** Open of the last bar before. */
  after: Date
  /** Open of the first bar after. */
  before: Date
  missingBars: number
}

export interface SeriesQuality {
  instrument: Instrument
  intervalSeconds: number
  barCount: number
  firstOpenedAt: Date
  lastOpenedAt: Date
  missingBars: number
  /** The longest, longest first. */
  gaps: Gap[]
  quarantine: db.QuarantineCounts
  isStale: boolean
}

/** Nights and weekends are steps too; more than these are not looked at, oldest first. */
const MOST_STEPS = 20_000
const MOST_GAPS = 20
const NO_QUARANTINE: db.QuarantineCounts = { PENDING: 0, ACCEPTED: 0, DROPPED: 0 }

/** How complete each series is against the calendar of its instrument, and what of it is in quarantine. */
export async function dataQuality(
  deps: Pick<Deps, 'db' | 'clock'>,
  actor: Actor,
  symbol?: string,
): Promise<SeriesQuality[]> {
  requireRole(actor, 'viewer')
  const { kysely } = deps.db
  const instruments = new Map((await db.listInstruments(kysely)).map((row) => [row.symbol, row]))
  const quarantine = await db.countQuarantineBySeries(kysely)
  const found: SeriesQuality[] = []
  for (const { barCount, firstOpenedAt, lastOpenedAt, ...series } of await db.listBarCoverage(
    kysely,
    symbol,
  )) {
    const instrument = instruments.get(series.symbol)
    if (instrument === undefined) continue
    const steps = await db.listBarSteps(kysely, series, MOST_STEPS)
    const gaps = gapsOf(calendarById(expectedCalendar(instrument)), series.intervalSeconds, steps)
    found.push({
      instrument,
      intervalSeconds: series.intervalSeconds,
      barCount,
      firstOpenedAt,
      lastOpenedAt,
      missingBars: gaps.reduce((sum, gap) => sum + gap.missingBars, 0),
      gaps: gaps.toSorted((a, b) => b.missingBars - a.missingBars).slice(0, MOST_GAPS),
      quarantine: quarantine.get(`${series.symbol}|${series.intervalSeconds}`) ?? NO_QUARANTINE,
      isStale: isStale(instrument, series.intervalSeconds, lastOpenedAt, deps.clock.now()),
    })
  }
  return found
}

/** The demo's session never closes, so that somebody sees it move on a Saturday; its history has the real sessions. */
function expectedCalendar({ calendar }: Instrument): string {
  return calendar === 'DEMO' ? 'USDCOP' : calendar
}

function isStale(instrument: Instrument, intervalSeconds: number, openedAt: Date, now: Date): boolean {
  const closedAt = new Date(openedAt.getTime() + intervalSeconds * 1000)
  const expected = { ...instrument, calendar: expectedCalendar(instrument) }
  return feedAgeSeconds(expected, closedAt, now) > longestFreshSeconds(expected)
}

/** Of the steps between bars, those in which the market was open for at least one more bar. */
export function gapsOf(calendar: Calendar, intervalSeconds: number, steps: readonly db.BarStep[]): Gap[] {
  return steps
    .map((step) => ({ ...step, missingBars: missingBars(calendar, intervalSeconds, step) }))
    .filter((gap) => gap.missingBars > 0)
}

function missingBars(calendar: Calendar, intervalSeconds: number, { after, before }: db.BarStep): number {
  const intervalMs = intervalSeconds * 1000
  // A daily bar belongs to a session, wherever in the day it is stamped.
  const slots =
    intervalMs === DAY_MS && !calendar.alwaysOpen
      ? sessionsBetween(calendar, after, before).length
      : intervalMs >= DAY_MS
        ? (before.getTime() - after.getTime()) / intervalMs
        : sessionMsBetween(calendar, after, before) / intervalMs
  // The first slot is the bar before the gap itself.
  return Math.max(0, Math.floor(slots + 1e-9) - 1)
}
