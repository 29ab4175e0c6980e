import type { MarketStatus } from '../trading.ts'
import { CALENDAR_IDS, CALENDAR_RULES, type CalendarId } from './rules.ts'
import { type Timetable, TimetableCache, lastOpenedAt } from './timetable.ts'

/** Market hours of an instrument. Rules hold for 2014-2035; outside, the same rules are applied as far as they go. */
export interface Calendar {
  readonly id: CalendarId
  /** For people: "demo session, always open". */
  readonly label: string
  /** IANA zone of its days; show its instants with this zone's offset. */
  readonly zone: string
  /** Sessions follow each other without a gap for ever. */
  readonly alwaysOpen: boolean
}

/** One trading day, half-open [openMs, closeMs), epoch ms. `day` is the trading day in the calendar's zone. */
export interface Session {
  day: string
  openMs: number
  closeMs: number
}

/** How long before the open of a session the market is `pre_market`. */
export const PRE_MARKET_MS: number = 60 * 60_000

const DAY_SECONDS = 86_400
/** No calendar rests this long: enough to find the next session from any instant. */
const SEARCH_MS = 15 * DAY_SECONDS * 1_000

const calendars = new Map<string, Calendar>(
  CALENDAR_IDS.map((id) => {
    const { label, zone } = CALENDAR_RULES[id]
    return [id, Object.freeze({ id, label, zone, alwaysOpen: id === '24/7' || id === 'DEMO' })]
  }),
)
const timetables = new Map<CalendarId, TimetableCache>(
  CALENDAR_IDS.map((id) => [id, new TimetableCache(CALENDAR_RULES[id])]),
)

/** @throws {RangeError} for an id that is not in CALENDAR_IDS */
export function calendarById(id: string): Calendar {
  const calendar = calendars.get(id)
  if (calendar === undefined) throw new RangeError(`unknown calendar ${JSON.stringify(id)}`)
  return calendar
}

function timetable(calendar: Calendar, fromMs: number, toMs: number): Timetable {
  return (timetables.get(calendar.id) as TimetableCache).covering(fromMs, toMs)
}

function sessionAt(table: Timetable, index: number): Session | null {
  const day = table.days[index]
  if (day === undefined) return null
  return { day, openMs: table.opens[index] as number, closeMs: table.closes[index] as number }
}

/** True within [open, close) of a session. */
export function isOpen(calendar: Calendar, at: Date | number): boolean {
  const ms = Number(at)
  const table = timetable(calendar, ms, ms)
  return ms < (table.closes[lastOpenedAt(table, ms)] as number)
}

/** `pre_market` within 60 minutes before an open, `closed` else when no session runs. */
export function marketStatus(calendar: Calendar, at: Date | number): MarketStatus {
  if (isOpen(calendar, at)) return 'open'
  const opensAt = nextOpen(calendar, at)
  return opensAt !== null && opensAt.getTime() - Number(at) <= PRE_MARKET_MS ? 'pre_market' : 'closed'
}

/** The session that runs at an instant, or null. */
export function sessionOf(calendar: Calendar, at: Date | number): Session | null {
  const ms = Number(at)
  const table = timetable(calendar, ms, ms)
  const session = sessionAt(table, lastOpenedAt(table, ms))
  return session !== null && ms < session.closeMs ? session : null
}

/** The trading day of an instant: it starts with its session and lasts until the next one opens. */
export function sessionDay(calendar: Calendar, at: Date | number): string {
  const ms = Number(at)
  const table = timetable(calendar, ms, ms)
  return table.days[lastOpenedAt(table, ms)] as string
}

/** When the market next goes from closed to open, strictly after `at`; null if it never closes. */
export function nextOpen(calendar: Calendar, at: Date | number): Date | null {
  if (calendar.alwaysOpen) return null
  const ms = Number(at)
  const table = timetable(calendar, ms, ms + SEARCH_MS)
  let index = lastOpenedAt(table, ms) + 1
  while (table.opens[index] === table.closes[index - 1]) index += 1
  return new Date(table.opens[index] as number)
}

/** When the market next goes from open to closed, strictly after `at`; null if it never closes. */
export function nextClose(calendar: Calendar, at: Date | number): Date | null {
  if (calendar.alwaysOpen) return null
  const ms = Number(at)
  const table = timetable(calendar, ms, ms + SEARCH_MS)
  let index = Math.max(0, lastOpenedAt(table, ms))
  if ((table.closes[index] as number) <= ms) index += 1
  while (table.closes[index] === table.opens[index + 1]) index += 1
  return new Date(table.closes[index] as number)
}

/** Sessions that open within [from, to), oldest first. */
export function sessionsBetween(calendar: Calendar, from: Date | number, to: Date | number): Session[] {
  const [fromMs, toMs] = [Number(from), Number(to)]
  if (!(fromMs < toMs)) return []
  const table = timetable(calendar, fromMs, toMs)
  const sessions: Session[] = []
  for (let index = lastOpenedAt(table, fromMs - 1) + 1; ; index += 1) {
    const session = sessionAt(table, index)
    if (session === null || session.openMs >= toMs) return sessions
    sessions.push(session)
  }
}

/** The last `count` sessions that had closed by `before`, oldest first. */
export function lastSessions(calendar: Calendar, count: number, before: Date | number): Session[] {
  const ms = Number(before)
  // Sessions of a year are at least 200, so this many years back hold them all.
  const years = Math.ceil(count / 200) + 1
  const table = timetable(calendar, ms - years * 366 * DAY_SECONDS * 1_000, ms)
  let last = lastOpenedAt(table, ms)
  if ((table.closes[last] as number) > ms) last -= 1
  return Array.from({ length: count }, (_, index) => sessionAt(table, last - count + 1 + index)).filter(
    (session) => session !== null,
  )
}

/** Milliseconds of open market in [from, to); 0 when `to` is not after `from`. For ages in session time. */
export function sessionMsBetween(calendar: Calendar, from: Date | number, to: Date | number): number {
  const [fromMs, toMs] = [Number(from), Number(to)]
  if (!(fromMs < toMs)) return 0
  const table = timetable(calendar, fromMs, toMs)
  return openMsUntil(table, toMs) - openMsUntil(table, fromMs)
}

function openMsUntil(table: Timetable, at: number): number {
  const index = lastOpenedAt(table, at)
  const open = table.opens[index] as number
  const close = table.closes[index] as number
  return (table.openMsBefore[index] as number) + Math.min(at, close) - open
}

const REGULAR_SESSION_SECONDS: Record<CalendarId, number> = {
  NYSE: 6.5 * 3_600,
  USDCOP: 5 * 3_600,
  FX: DAY_SECONDS,
  '24/7': DAY_SECONDS,
  DEMO: DAY_SECONDS,
}

/**
 * A declared bar interval in session time: intervals of days count regular sessions (a daily NYSE bar: 23,400 s),
 * shorter ones are themselves. Compare it with ages from `sessionMsBetween`.
 */
export function sessionIntervalSeconds(calendar: Calendar, intervalSeconds: number): number {
  if (intervalSeconds < DAY_SECONDS) return intervalSeconds
  return (intervalSeconds / DAY_SECONDS) * REGULAR_SESSION_SECONDS[calendar.id]
}

/** Why the calendar is closed on a whole weekday, or null. */
export function closureOf(calendar: Calendar, day: string): string | null {
  return CALENDAR_RULES[calendar.id].closures(Number(day.slice(0, 4))).get(day) ?? null
}
