import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  calendarById,
  closureOf,
  isOpen,
  lastSessions,
  marketStatus,
  nextClose,
  nextOpen,
  sessionDay,
  sessionIntervalSeconds,
  sessionMsBetween,
  sessionOf,
  sessionsBetween,
} from './calendar.ts'
import { colombianHolidays } from './colombian-holidays.ts'
import { nyseEarlyCloses, nyseHolidays } from './us-holidays.ts'

const data = join(import.meta.dirname, '../../../../../shared/data')
const present = existsSync(data)
if (!present) console.warn(`calendar: reference cases skipped, ${data} is absent`)
const reference = (name: string): unknown => JSON.parse(readFileSync(join(data, 'reference', name), 'utf8'))

const nyse = calendarById('NYSE')
const usdCop = calendarById('USDCOP')
const fx = calendarById('FX')
const demo = calendarById('DEMO')
const allDay = calendarById('24/7')
const at = (iso: string): number => Date.parse(iso)
const daysOfYear = (calendar: typeof nyse, year: number): string[] =>
  sessionsBetween(calendar, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)).map((s) => s.day)

describe.skipIf(!present)('calendars against the reference', () => {
  it('closes the NYSE on the listed holidays and early on the listed days, with the listed number of sessions', () => {
    const known = reference('calendar_nyse.json') as {
      holidays: Record<string, Record<string, string>>
      earlyCloses: Record<string, Record<string, string>>
      sessionsPerYear: Record<string, number>
      dstSamplesUtc: { date: string; openUtc: string; closeUtc: string }[]
    }
    for (const [year, days] of Object.entries(known.holidays)) {
      expect([...nyseHolidays(Number(year)).keys()]).toEqual(Object.keys(days))
      expect([...nyseEarlyCloses(Number(year)).keys()]).toEqual(Object.keys(known.earlyCloses[year] ?? {}))
      expect(daysOfYear(nyse, Number(year))).toHaveLength(known.sessionsPerYear[year] ?? -1)
    }
    for (const { date, openUtc, closeUtc } of known.dstSamplesUtc) {
      const session = sessionOf(nyse, at(`${date}T${openUtc}`))
      expect(session).toEqual({
        day: date,
        openMs: at(`${date}T${openUtc}`),
        closeMs: at(`${date}T${closeUtc}`),
      })
    }
  })

  it('knows the Colombian holidays of each listed year', () => {
    const known = reference('calendar_colombia.json') as {
      publicHolidays: Record<string, Record<string, string>>
    }
    for (const [year, days] of Object.entries(known.publicHolidays)) {
      expect([...colombianHolidays(Number(year)).keys()]).toEqual(Object.keys(days))
    }
  })

  it('trades USD/COP on exactly the days behind the official rate, 2014 to August 2025', () => {
    const csv = readFileSync(join(data, 'market/usdcop/trm_official_20250824.csv'), 'utf8')
    // A rate is valid from the day after the trading day it was computed on.
    const traded = new Set(
      [...csv.matchAll(/"COP","(\d\d)\/(\d\d)\/(\d{4})"/g)].map(([, day, month, year]) =>
        new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) - 1)).toISOString().slice(0, 10),
      ),
    )
    const ours = sessionsBetween(usdCop, at('2014-01-01T00:00Z'), at('2025-08-22T00:00Z')).map((s) => s.day)
    const theirs = [...traded].filter((day) => day >= '2014-01-01' && day < '2025-08-22').toSorted()
    expect(ours).toEqual(theirs)
    expect(ours.length).toBeGreaterThan(2_700)
  })
})

describe('NYSE', () => {
  it('has the sessions of the exchange in each year since 2014', () => {
    const counts = Array.from({ length: 13 }, (_, index) => daysOfYear(nyse, 2014 + index).length)
    expect(counts).toEqual([252, 252, 252, 251, 251, 252, 253, 252, 251, 250, 252, 250, 251])
  })

  it('stays closed on days of mourning and says why', () => {
    expect(daysOfYear(nyse, 2018)).not.toContain('2018-12-05')
    expect(closureOf(nyse, '2018-12-05')).toContain('Bush')
    expect(closureOf(nyse, '2025-01-09')).toContain('Carter')
    expect(closureOf(nyse, '2025-01-10')).toBeNull()
  })

  it('is open from the opening instant to just before the close', () => {
    expect(isOpen(nyse, at('2026-01-07T14:29:59.999Z'))).toBe(false)
    expect(isOpen(nyse, new Date('2026-01-07T14:30:00Z'))).toBe(true)
    expect(isOpen(nyse, at('2026-01-07T20:59:59.999Z'))).toBe(true)
    expect(isOpen(nyse, at('2026-01-07T21:00:00Z'))).toBe(false)
  })

  it('closes at 13:00 on an early close', () => {
    expect(nextClose(nyse, at('2025-11-28T15:00:00Z'))).toEqual(new Date('2025-11-28T18:00:00Z'))
    expect(isOpen(nyse, at('2025-11-28T18:00:00Z'))).toBe(false)
  })

  it('is pre_market within the hour before the open only', () => {
    expect(marketStatus(nyse, at('2026-01-07T13:29:59Z'))).toBe('closed')
    expect(marketStatus(nyse, at('2026-01-07T13:30:00Z'))).toBe('pre_market')
    expect(marketStatus(nyse, at('2026-01-07T15:00:00Z'))).toBe('open')
    expect(marketStatus(nyse, at('2026-01-10T14:00:00Z'))).toBe('closed')
  })

  it('finds the next open over a weekend and over the change to summer time', () => {
    expect(nextOpen(nyse, at('2026-03-06T15:00:00Z'))).toEqual(new Date('2026-03-09T13:30:00Z'))
    expect(nextClose(nyse, at('2026-03-06T21:00:00Z'))).toEqual(new Date('2026-03-09T20:00:00Z'))
    expect(nextOpen(nyse, at('2026-01-07T14:30:00Z'))).toEqual(new Date('2026-01-08T14:30:00Z'))
  })

  it('counts the time of a weekend as nothing: a Friday daily bar is fresh on Monday', () => {
    const fridayClose = at('2026-01-09T21:00:00Z')
    expect(sessionMsBetween(nyse, fridayClose, at('2026-01-12T14:30:00Z'))).toBe(0)
    expect(sessionMsBetween(nyse, fridayClose, at('2026-01-12T15:30:00Z'))).toBe(3_600_000)
    expect(sessionMsBetween(nyse, fridayClose, fridayClose)).toBe(0)
    expect(sessionIntervalSeconds(nyse, 86_400)).toBe(23_400)
    expect(sessionIntervalSeconds(nyse, 300)).toBe(300)
  })

  it('keeps the trading day until the next session opens', () => {
    expect(sessionDay(nyse, at('2026-01-07T14:30:00Z'))).toBe('2026-01-07')
    expect(sessionDay(nyse, at('2026-01-08T14:29:59Z'))).toBe('2026-01-07')
    expect(sessionOf(nyse, at('2026-01-08T14:29:59Z'))).toBeNull()
  })

  it('gives the last completed sessions, a running one excluded', () => {
    const days = (iso: string) => lastSessions(nyse, 3, at(iso)).map((s) => s.day)
    expect(days('2026-01-07T20:59:59Z')).toEqual(['2026-01-02', '2026-01-05', '2026-01-06'])
    expect(days('2026-01-07T21:00:00Z')).toEqual(['2026-01-05', '2026-01-06', '2026-01-07'])
    expect(lastSessions(nyse, 1259, at('2026-11-22T00:00Z'))).toHaveLength(1259)
  })
})

describe('USD/COP', () => {
  it('trades 08:00 to 13:00 in Bogota', () => {
    expect(sessionOf(usdCop, at('2026-01-07T13:00:00Z'))).toEqual({
      day: '2026-01-07',
      openMs: at('2026-01-07T08:00:00-05:00'),
      closeMs: at('2026-01-07T13:00:00-05:00'),
    })
  })

  it('rests on Colombian and US holidays and on the last business day of the year', () => {
    expect(closureOf(usdCop, '2026-07-20')).toBe('Independence Day')
    expect(closureOf(usdCop, '2026-11-26')).toBe('Thanksgiving Day')
    expect(closureOf(usdCop, '2026-12-31')).toBe('Last business day of the year')
  })
})

describe('the FX week', () => {
  it('runs from Sunday to Friday 17:00 New York without a break', () => {
    expect(isOpen(fx, at('2026-01-11T21:59:59Z'))).toBe(false)
    expect(isOpen(fx, at('2026-01-11T22:00:00Z'))).toBe(true)
    expect(isOpen(fx, at('2026-01-16T21:59:59Z'))).toBe(true)
    expect(isOpen(fx, at('2026-01-16T22:00:00Z'))).toBe(false)
    expect(nextClose(fx, at('2026-01-14T12:00:00Z'))).toEqual(new Date('2026-01-16T22:00:00Z'))
    expect(nextOpen(fx, at('2026-01-14T12:00:00Z'))).toEqual(new Date('2026-01-18T22:00:00Z'))
    expect(sessionDay(fx, at('2026-01-11T22:00:00Z'))).toBe('2026-01-12')
  })
})

describe('calendars that never close', () => {
  it('are open at any time and have no next open or close', () => {
    for (const calendar of [demo, allDay]) {
      expect(marketStatus(calendar, at('2026-01-10T23:30:00Z'))).toBe('open')
      expect(nextOpen(calendar, at('2026-01-10T23:30:00Z'))).toBeNull()
      expect(nextClose(calendar, at('2026-01-10T23:30:00Z'))).toBeNull()
    }
  })

  it('have calendar days as sessions, in Bogota for the demo', () => {
    expect(demo.label).toBe('demo session, always open')
    expect(sessionDay(demo, at('2026-01-08T04:59:59Z'))).toBe('2026-01-07')
    expect(sessionDay(demo, at('2026-01-08T05:00:00Z'))).toBe('2026-01-08')
    expect(sessionDay(allDay, at('2026-01-08T00:00:00Z'))).toBe('2026-01-08')
    expect(sessionMsBetween(demo, at('2026-01-01T00:00Z'), at('2026-03-01T00:00Z'))).toBe(59 * 86_400_000)
  })
})

describe('bad input', () => {
  it('refuses an unknown calendar and an instant out of range', () => {
    expect(() => calendarById('LSE')).toThrow(RangeError)
    expect(() => isOpen(nyse, Number.NaN)).toThrow(RangeError)
    expect(() => isOpen(nyse, at('9999-01-01T00:00Z'))).toThrow(RangeError)
    expect(sessionsBetween(nyse, 5, 5)).toEqual([])
  })
})
