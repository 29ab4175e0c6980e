import { colombianHolidays } from './colombian-holidays.ts'
import { type Day, dayNumber, dayText, isWeekend } from './days.ts'
import { nyseEarlyCloses, nyseHolidays, usFederalHolidays } from './us-holidays.ts'

/** One trading day's local hours. `openDayOffset` -1: opens on the evening before. `24:00` is the next midnight. */
export interface LocalSession {
  day: Day
  openDayOffset: 0 | -1
  open: string
  close: string
}

/** Public ids of the calendars; an instrument names one of them. */
export const CALENDAR_IDS = ['NYSE', 'USDCOP', 'FX', '24/7', 'DEMO'] as const
export type CalendarId = (typeof CALENDAR_IDS)[number]

/** What distinguishes one calendar from another. */
export interface CalendarRules {
  id: CalendarId
  /** For people. */
  label: string
  /** IANA zone of its hours; also the zone whose offset its instants are shown with. */
  zone: string
  /** Full-day closures on weekdays, day to reason. */
  closures(year: number): Map<Day, string>
  /** Days that close early, day to reason. */
  earlyCloses(year: number): Map<Day, string>
  sessions(year: number): LocalSession[]
}

const none = (): Map<Day, string> => new Map()

function daysOf(year: number): number[] {
  const first = dayNumber(year, 1, 1)
  return Array.from({ length: dayNumber(year + 1, 1, 1) - first }, (_, index) => first + index)
}

const allDay = (year: number): LocalSession[] =>
  daysOf(year).map((day) => ({ day: dayText(day), openDayOffset: 0, open: '00:00', close: '24:00' }))

function nyseSessions(year: number): LocalSession[] {
  const closed = nyseHolidays(year)
  const early = nyseEarlyCloses(year)
  return daysOf(year)
    .filter((day) => !isWeekend(day))
    .map(dayText)
    .filter((day) => !closed.has(day))
    .map((day) => ({ day, openDayOffset: 0, open: '09:30', close: early.has(day) ? '13:00' : '16:00' }))
}

/**
 * The peso market rests on Colombian holidays, on US federal holidays (dollars do not settle) and on the last business
 * day of the year; seen in the official rate's history, 2019 to 2025.
 */
function usdCopClosures(year: number): Map<Day, string> {
  const closed = new Map([...usFederalHolidays(year), ...colombianHolidays(year)])
  const last = daysOf(year).findLast((day) => !isWeekend(day) && !closed.has(dayText(day)))
  if (last !== undefined) closed.set(dayText(last), 'Last business day of the year')
  return closed
}

function usdCopSessions(year: number): LocalSession[] {
  const closed = usdCopClosures(year)
  return daysOf(year)
    .filter((day) => !isWeekend(day) && !closed.has(dayText(day)))
    .map((day) => ({ day: dayText(day), openDayOffset: 0, open: '08:00', close: '13:00' }))
}

/** Monday to Friday, each from 17:00 of the day before: five sessions without a gap, Sunday 17:00 to Friday 17:00. */
const fxSessions = (year: number): LocalSession[] =>
  daysOf(year)
    .filter((day) => !isWeekend(day))
    .map((day) => ({ day: dayText(day), openDayOffset: -1, open: '17:00', close: '17:00' }))

export const CALENDAR_RULES: Record<CalendarId, CalendarRules> = {
  NYSE: {
    id: 'NYSE',
    label: 'New York Stock Exchange, 09:30-16:00',
    zone: 'America/New_York',
    closures: nyseHolidays,
    earlyCloses: nyseEarlyCloses,
    sessions: nyseSessions,
  },
  USDCOP: {
    id: 'USDCOP',
    label: 'USD/COP spot market, 08:00-13:00 Bogota',
    zone: 'America/Bogota',
    closures: usdCopClosures,
    earlyCloses: none,
    sessions: usdCopSessions,
  },
  FX: {
    id: 'FX',
    label: 'FX week, Sunday 17:00 to Friday 17:00 New York',
    zone: 'America/New_York',
    closures: none,
    earlyCloses: none,
    sessions: fxSessions,
  },
  '24/7': {
    id: '24/7',
    label: 'Always open, UTC days',
    zone: 'UTC',
    closures: none,
    earlyCloses: none,
    sessions: allDay,
  },
  DEMO: {
    id: 'DEMO',
    label: 'demo session, always open',
    zone: 'America/Bogota',
    closures: none,
    earlyCloses: none,
    sessions: allDay,
  },
}
