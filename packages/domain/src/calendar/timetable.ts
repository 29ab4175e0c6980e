import type { CalendarRules, LocalSession } from './rules.ts'

/**
 * All sessions of a span of whole years as flat columns, for binary search. Sessions are in order and do not overlap.
 * Zones (Temporal) are touched only while a year is built.
 */
export interface Timetable {
  firstYear: number
  lastYear: number
  days: string[]
  /** Epoch ms; `closes` is exclusive. */
  opens: Float64Array
  closes: Float64Array
  /** Open milliseconds before each session, counted from the first. */
  openMsBefore: Float64Array
}

interface YearOfSessions {
  days: string[]
  opens: number[]
  closes: number[]
}

/** A year that is off by a digit must not build centuries of sessions. */
const MIN_YEAR = 1900
const MAX_YEAR = 2200

/** Builds years on demand and keeps them: one object per calendar. */
export class TimetableCache {
  readonly #rules: CalendarRules
  readonly #years = new Map<number, YearOfSessions>()
  #timetable: Timetable | null = null

  constructor(rules: CalendarRules) {
    this.#rules = rules
  }

  /**
   * A timetable that covers the years of both instants and a year around them.
   * @throws {RangeError} on an instant outside 1900..2200
   */
  covering(fromMs: number, toMs: number): Timetable {
    const known = this.#timetable
    if (known !== null && fromMs >= startOf(known.firstYear + 1) && toMs < startOf(known.lastYear))
      return known
    const firstYear = yearOf(fromMs) - 1
    const lastYear = yearOf(toMs) + 1
    this.#timetable = this.#build(
      Math.min(firstYear, known?.firstYear ?? firstYear),
      Math.max(lastYear, known?.lastYear ?? lastYear),
    )
    return this.#timetable
  }

  #build(firstYear: number, lastYear: number): Timetable {
    const years = Array.from({ length: lastYear - firstYear + 1 }, (_, index) =>
      this.#year(firstYear + index),
    )
    const opens = Float64Array.from(years.flatMap((year) => year.opens))
    const closes = Float64Array.from(years.flatMap((year) => year.closes))
    let elapsed = 0
    const openMsBefore = opens.map((open, index) => {
      const before = elapsed
      elapsed += (closes[index] as number) - open
      return before
    })
    return { firstYear, lastYear, days: years.flatMap((year) => year.days), opens, closes, openMsBefore }
  }

  #year(year: number): YearOfSessions {
    const known = this.#years.get(year)
    if (known !== undefined) return known
    const sessions = this.#rules.sessions(year)
    const built = {
      days: sessions.map((session) => session.day),
      opens: sessions.map((session) => openOf(session, this.#rules.zone)),
      closes: sessions.map((session) => localInstant(session.day, session.close, this.#rules.zone)),
    }
    this.#years.set(year, built)
    return built
  }
}

/** Index of the last session that opens at or before the instant, -1 if there is none. */
export function lastOpenedAt({ opens }: Timetable, at: number): number {
  let low = 0
  let high = opens.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((opens[middle] as number) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

const startOf = (year: number): number => Date.UTC(year, 0, 1)

function yearOf(at: number): number {
  const year = new Date(at).getUTCFullYear()
  if (!(year >= MIN_YEAR && year <= MAX_YEAR)) throw new RangeError(`no sessions are known at ${at}`)
  return year
}

function openOf({ day, open, openDayOffset }: LocalSession, zone: string): number {
  const date = Temporal.PlainDate.from(day).add({ days: openDayOffset })
  return localInstant(date.toString(), open, zone)
}

function localInstant(day: string, time: string, zone: string): number {
  const midnight = time === '24:00'
  const date = Temporal.PlainDate.from(day).add({ days: midnight ? 1 : 0 })
  const plainTime = Temporal.PlainTime.from(midnight ? '00:00' : time)
  return date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds
}
