import { describe, expect, it } from 'vitest'
import { calendarById, closureOf, sessionsBetween } from '../../src/index.ts'

const HOUR = 3_600_000
const daysOf = (year: number, months: Record<number, number[]>): string[] =>
  Object.entries(months).flatMap(([month, days]) =>
    days.map((day) => new Date(Date.UTC(year, Number(month) - 1, day)).toISOString().slice(0, 10)),
  )
const sessionsOf = (id: string, year: number) =>
  sessionsBetween(calendarById(id), Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1))
const weekdaysOf = (year: number): string[] => {
  const days: string[] = []
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 24 * HOUR)
    if (![0, 6].includes(new Date(at).getUTCDay())) days.push(new Date(at).toISOString().slice(0, 10))
  return days
}

/** Weekdays on which the exchange was or will be closed, as it published them: no rule is asked. */
const NYSE: Record<number, Record<number, number[]>> = {
  2012: { 1: [2, 16], 2: [20], 4: [6], 5: [28], 7: [4], 9: [3], 10: [29, 30], 11: [22], 12: [25] },
  2016: { 1: [1, 18], 2: [15], 3: [25], 5: [30], 7: [4], 9: [5], 11: [24], 12: [26] },
  2018: { 1: [1, 15], 2: [19], 3: [30], 5: [28], 7: [4], 9: [3], 11: [22], 12: [5, 25] },
  // New Year's Day of 2022 was a Saturday: the Friday before was a session.
  2021: { 1: [1, 18], 2: [15], 4: [2], 5: [31], 7: [5], 9: [6], 11: [25], 12: [24] },
  2022: { 1: [17], 2: [21], 4: [15], 5: [30], 6: [20], 7: [4], 9: [5], 11: [24], 12: [26] },
  2023: { 1: [2, 16], 2: [20], 4: [7], 5: [29], 6: [19], 7: [4], 9: [4], 11: [23], 12: [25] },
  2026: { 1: [1, 19], 2: [16], 4: [3], 5: [25], 6: [19], 7: [3], 9: [7], 11: [26], 12: [25] },
  2027: { 1: [1, 18], 2: [15], 3: [26], 5: [31], 6: [18], 7: [5], 9: [6], 11: [25], 12: [24] },
  2028: { 1: [17], 2: [21], 4: [14], 5: [29], 6: [19], 7: [4], 9: [4], 11: [23], 12: [25] },
}

/** Days on which it closed or will close at 13:00. */
const EARLY: Record<number, Record<number, number[]>> = {
  2016: { 11: [25] },
  2018: { 7: [3], 11: [23], 12: [24] },
  2021: { 11: [26] },
  2022: { 11: [25] },
  2023: { 7: [3], 11: [24] },
  2026: { 11: [27], 12: [24] },
  2027: { 11: [26] },
  2028: { 7: [3], 11: [24] },
}

describe('the NYSE in years that no fixture has', () => {
  it.each(Object.entries(NYSE))('is closed in %s on the days that it published', (year, months) => {
    const open = new Set(sessionsOf('NYSE', Number(year)).map(({ day }) => day))
    expect(weekdaysOf(Number(year)).filter((day) => !open.has(day))).toEqual(daysOf(Number(year), months))
  })

  it.each(Object.entries(EARLY))('closes early in %s on the days that it published', (year, months) => {
    const early = sessionsOf('NYSE', Number(year)).filter(
      ({ openMs, closeMs }) => closeMs - openMs < 6.5 * HOUR,
    )
    expect(early.map(({ day }) => day)).toEqual(daysOf(Number(year), months))
    expect(new Set(early.map(({ openMs, closeMs }) => closeMs - openMs))).toEqual(new Set([3.5 * HOUR]))
  })

  it('kept the hours of New York also before 2007, when the clocks changed on other Sundays', () => {
    const opens = (day: string) =>
      new Date(sessionsOf('NYSE', 2006).find((session) => session.day === day)?.openMs ?? 0).toISOString()
    expect([opens('2006-03-31'), opens('2006-04-03')]).toEqual([
      '2006-03-31T14:30:00.000Z',
      '2006-04-03T13:30:00.000Z',
    ])
    expect([opens('2006-10-27'), opens('2006-10-30')]).toEqual([
      '2006-10-27T13:30:00.000Z',
      '2006-10-30T14:30:00.000Z',
    ])
  })
})

/** Colombian public holidays on weekdays, from published lists; feasts on weekends close nothing. */
const COLOMBIA: Record<number, Record<number, number[]>> = {
  2019: {
    ...{ 1: [1, 7], 3: [25], 4: [18, 19], 5: [1], 6: [3, 24], 7: [1], 8: [7, 19], 10: [14] },
    ...{ 11: [4, 11], 12: [25] },
  },
  2022: {
    ...{ 1: [10], 3: [21], 4: [14, 15], 5: [30], 6: [20, 27], 7: [4, 20], 8: [15], 10: [17] },
    ...{ 11: [7, 14], 12: [8] },
  },
  2023: {
    ...{ 1: [9], 3: [20], 4: [6, 7], 5: [1, 22], 6: [12, 19], 7: [3, 20], 8: [7, 21], 10: [16] },
    ...{ 11: [6, 13], 12: [8, 25] },
  },
  2027: {
    ...{ 1: [1, 11], 3: [22, 25, 26], 5: [10, 31], 6: [7], 7: [5, 20], 8: [16], 10: [18] },
    ...{ 11: [1, 15], 12: [8] },
  },
}
/** Federal holidays of the United States that Colombia does not have, on the weekday on which banks observe them. */
const FEDERAL: Record<number, Record<number, number[]>> = {
  2019: { 1: [21], 2: [18], 5: [27], 7: [4], 9: [2], 11: [28] },
  2022: { 1: [17], 2: [21], 6: [20], 7: [4], 9: [5], 10: [10], 11: [11, 24], 12: [26] },
  2023: { 1: [2, 16], 2: [20], 5: [29], 6: [19], 7: [4], 9: [4], 10: [9], 11: [23] },
  2027: { 1: [18], 2: [15], 7: [5], 9: [6], 10: [11], 11: [11, 25] },
}

describe('USD/COP in years that no fixture has', () => {
  it.each(Object.entries(COLOMBIA))('rests in %s on the holidays of Colombia', (year, months) => {
    const calendar = calendarById('USDCOP')
    expect(daysOf(Number(year), months).filter((day) => closureOf(calendar, day) === null)).toEqual([])
  })

  it('does not take the Friday before for a holiday that falls on a Saturday: banks work', () => {
    // 11 November 2023, 4 July 2026, 19 June 2027.
    for (const friday of ['2023-11-10', '2026-07-03', '2027-06-18'])
      expect([friday, closureOf(calendarById('USDCOP'), friday)]).toEqual([friday, null])
  })

  it('trades on every other weekday: the closures are these, those of the United States and the last day', () => {
    for (const [year, months] of Object.entries(COLOMBIA)) {
      const open = new Set(sessionsOf('USDCOP', Number(year)).map(({ day }) => day))
      const known = new Set([
        ...daysOf(Number(year), months),
        ...daysOf(Number(year), FEDERAL[Number(year)] ?? {}),
      ])
      const last = weekdaysOf(Number(year)).findLast((day) => !known.has(day)) ?? ''
      const others = weekdaysOf(Number(year)).filter(
        (day) => !open.has(day) && !known.has(day) && day !== last,
      )
      // Colombia has a holiday of July 9 from 2026 on.
      expect([year, others]).toEqual([year, Number(year) >= 2026 ? ['2027-07-12'] : []])
      expect([year, [...known].filter((day) => open.has(day))]).toEqual([year, []])
    }
  })
})
