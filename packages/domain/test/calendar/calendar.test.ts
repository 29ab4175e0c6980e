import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Calendar,
  calendarById,
  closureOf,
  isOpen,
  marketStatus,
  nextClose,
  nextOpen,
  PRE_MARKET_MS,
  sessionMsBetween,
  sessionOf,
  sessionsBetween,
} from '../../src/index.ts'

const RUNS = { numRuns: 500 }
const FIRST_YEAR = 2014
const LAST_YEAR = 2035
const start = Date.UTC(FIRST_YEAR, 0, 15)
const end = Date.UTC(LAST_YEAR, 11, 1)

/** The n-th Sunday of a month: where the United States change their clocks. */
function sunday(year: number, month: number, nth: number): Date {
  const first = new Date(Date.UTC(year, month, 1))
  return new Date(Date.UTC(year, month, 1 + ((7 - first.getUTCDay()) % 7) + 7 * (nth - 1)))
}

const YEARS = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, index) => FIRST_YEAR + index)
const clockChanges = YEARS.flatMap((year) => [sunday(year, 2, 2), sunday(year, 10, 1)])

/** Any instant, with those around a change of the clocks and on the second of a session's border drawn often. */
const instants: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: start, max: end }),
  fc
    .tuple(fc.constantFrom(...clockChanges), fc.integer({ min: -3 * 86_400, max: 3 * 86_400 }))
    .map(([sundayAt, seconds]) => sundayAt.getTime() + seconds * 1000),
  fc
    .tuple(fc.integer({ min: start, max: end }), fc.constantFrom(-1, 0, 1))
    .map(([at, by]) => at - (at % 1_800_000) + by),
)

/** The market's wall clock, from the zone data of the runtime: hours and minutes, and the day of the week (Monday 1). */
function wallClock(calendar: Calendar, at: number) {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(calendar.zone)
  return {
    minutes: local.hour * 60 + local.minute + (local.second + local.millisecond / 1000) / 60,
    weekday: local.dayOfWeek,
    day: local.toPlainDate().toString(),
  }
}

const EARLY = (day: string): boolean => {
  const session = sessionOf(calendarById('NYSE'), Date.parse(`${day}T15:00:00Z`))
  return session !== null && session.closeMs - session.openMs < 6 * 3_600_000
}

/** What the wall clock says, without a timetable. */
const ORACLES: Record<string, (at: number) => boolean> = {
  NYSE: (at) => {
    const { minutes, weekday, day } = wallClock(calendarById('NYSE'), at)
    const close = EARLY(day) ? 13 * 60 : 16 * 60
    return weekday <= 5 && !closureOf(calendarById('NYSE'), day) && minutes >= 9 * 60 + 30 && minutes < close
  },
  USDCOP: (at) => {
    const { minutes, weekday, day } = wallClock(calendarById('USDCOP'), at)
    return weekday <= 5 && !closureOf(calendarById('USDCOP'), day) && minutes >= 8 * 60 && minutes < 13 * 60
  },
}

const closing = ['NYSE', 'USDCOP', 'FX'] as const

describe.each(closing)('%s at any instant', (id) => {
  const calendar = calendarById(id)

  it('opens next and closes next strictly later, alternately, with nothing in between', () => {
    fc.assert(
      fc.property(instants, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (at, share) => {
        const opens = nextOpen(calendar, at)?.getTime() ?? expect.fail('never opens')
        const closes = nextClose(calendar, at)?.getTime() ?? expect.fail('never closes')
        expect(opens).toBeGreaterThan(at)
        expect(closes).toBeGreaterThan(at)
        expect(isOpen(calendar, at)).toBe(closes < opens)
        expect([isOpen(calendar, opens - 1), isOpen(calendar, opens)]).toEqual([false, true])
        expect([isOpen(calendar, closes - 1), isOpen(calendar, closes)]).toEqual([true, false])
        const between = at + Math.floor((Math.min(opens, closes) - at) * share)
        expect(isOpen(calendar, between)).toBe(isOpen(calendar, at))
      }),
      RUNS,
    )
  })

  it('is open in [open, close) of its sessions and at no other time', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const session = sessionOf(calendar, at)
        expect(session !== null).toBe(isOpen(calendar, at))
        if (session === null) return
        expect(session.openMs).toBeLessThanOrEqual(at)
        expect(session.closeMs).toBeGreaterThan(at)
        expect(sessionsBetween(calendar, session.openMs, session.openMs + 1)).toEqual([session])
      }),
      RUNS,
    )
  })

  it('is pre_market in the hour before an open, and only then', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const wait = (nextOpen(calendar, at)?.getTime() ?? expect.fail('never opens')) - at
        const expected = isOpen(calendar, at) ? 'open' : wait <= PRE_MARKET_MS ? 'pre_market' : 'closed'
        expect(marketStatus(calendar, at)).toBe(expected)
      }),
      RUNS,
    )
  })

  it('counts session time that adds up', () => {
    fc.assert(
      fc.property(fc.tuple(instants, instants, instants), (times) => {
        const [a, b, c] = times.toSorted((x, y) => x - y) as [number, number, number]
        const whole = sessionMsBetween(calendar, a, c)
        expect(whole).toBe(sessionMsBetween(calendar, a, b) + sessionMsBetween(calendar, b, c))
        expect(whole).toBeLessThanOrEqual(c - a)
      }),
      RUNS,
    )
  })
})

describe.each(Object.keys(ORACLES))('%s by the wall clock of its zone', (id) => {
  it('is open exactly in its hours on its days, on both sides of each change of the clocks', () => {
    const calendar = calendarById(id)
    fc.assert(
      fc.property(instants, (at) => {
        expect([new Date(at).toISOString(), isOpen(calendar, at)]).toEqual([
          new Date(at).toISOString(),
          ORACLES[id]?.(at),
        ])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the Sundays on which the United States change their clocks', () => {
  const utc = (date: Date | null): string => date?.toISOString().slice(11, 16) ?? 'never'
  const DAY = 86_400_000

  it.each(YEARS)('of %i move New York by an hour in UTC, and Bogota not at all', (year) => {
    for (const [change, before, after] of [
      [sunday(year, 2, 2), '14:30', '13:30'],
      [sunday(year, 10, 1), '13:30', '14:30'],
    ] as const) {
      const at = change.getTime()
      expect(utc(nextOpen(calendarById('NYSE'), at - 3 * DAY))).toBe(before)
      expect(utc(nextOpen(calendarById('NYSE'), at))).toBe(after)
      // The FX week opens on that very Sunday at 17:00 of the new time, and had closed by the old one.
      expect(utc(nextClose(calendarById('FX'), at - 3 * DAY))).toBe(before === '14:30' ? '22:00' : '21:00')
      expect(nextOpen(calendarById('FX'), at - DAY)?.toISOString()).toBe(
        new Date(at + (after === '13:30' ? 21 : 22) * 3_600_000).toISOString(),
      )
      expect(utc(nextOpen(calendarById('USDCOP'), at - 3 * DAY))).toBe('13:00')
      expect(utc(nextOpen(calendarById('USDCOP'), at))).toBe('13:00')
    }
  })
})

describe('special closures of USD/COP', () => {
  const usdCop = calendarById('USDCOP')

  it('are the last business day of every year, whatever day of the week the year ends on', () => {
    for (const year of YEARS) {
      const last = new Date(Date.UTC(year, 11, 31))
      while ([0, 6].includes(last.getUTCDay())) last.setUTCDate(last.getUTCDate() - 1)
      const day = last.toISOString().slice(0, 10)
      expect([day, closureOf(usdCop, day)]).toEqual([day, 'Last business day of the year'])
      expect(sessionsBetween(usdCop, Date.parse(`${day}T00:00Z`), Date.UTC(year + 1, 0, 1, 5))).toEqual([])
    }
  })

  it('include every Colombian and every US federal holiday on a weekday', () => {
    expect(closureOf(usdCop, '2025-06-23')).not.toBeNull() // Corpus Christi: New York trades
    expect(closureOf(usdCop, '2025-11-11')).toBe('Veterans Day') // Bogota works, and so does the NYSE
    expect(closureOf(calendarById('NYSE'), '2025-11-11')).toBeNull()
    expect(closureOf(usdCop, '2025-01-09')).toBeNull() // a day of mourning closes the exchange alone
    expect(closureOf(calendarById('NYSE'), '2025-01-09')).not.toBeNull()
  })
})
