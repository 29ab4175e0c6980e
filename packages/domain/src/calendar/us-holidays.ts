import { type Day, dayNumber, dayText, easterSunday, lastMonday, nthWeekday, weekday } from './days.ts'

type Dated = [number, string]

const MONDAY = 1
const THURSDAY = 4

/** First year in which Juneteenth was a federal holiday, and in which the exchange closed on it. */
const JUNETEENTH_FEDERAL = 2021
const JUNETEENTH_NYSE = 2022

/** Saturday is observed on Friday, Sunday on Monday (5 U.S.C. 6103; NYSE rule 7.2). */
function observed(day: number): number {
  if (weekday(day) === 6) return day - 1
  return weekday(day) === 0 ? day + 1 : day
}

/** As the Federal Reserve's payment systems: Sunday on Monday, a Saturday holiday is not moved. */
function observedByBanks(day: number): number {
  return weekday(day) === 0 ? day + 1 : day
}

const mondays = (year: number): Dated[] => [
  [nthWeekday(year, 1, MONDAY, 3), 'Martin Luther King Jr. Day'],
  [nthWeekday(year, 2, MONDAY, 3), "Washington's Birthday"],
  [lastMonday(year, 5), 'Memorial Day'],
  [nthWeekday(year, 9, MONDAY, 1), 'Labor Day'],
  [nthWeekday(year, 11, THURSDAY, 4), 'Thanksgiving Day'],
]

const toMap = (days: Dated[]): Map<Day, string> =>
  new Map(days.toSorted(([a], [b]) => a - b).map(([day, name]) => [dayText(day), name]))

/** US federal holidays as banks observe them: the days on which dollars do not settle. */
export function usFederalHolidays(year: number): Map<Day, string> {
  const fixed: Dated[] = [
    [dayNumber(year, 1, 1), "New Year's Day"],
    [dayNumber(year, 7, 4), 'Independence Day'],
    [dayNumber(year, 11, 11), 'Veterans Day'],
    [dayNumber(year, 12, 25), 'Christmas Day'],
  ]
  if (year >= JUNETEENTH_FEDERAL) fixed.push([dayNumber(year, 6, 19), 'Juneteenth'])
  return toMap([
    ...mondays(year),
    [nthWeekday(year, 10, MONDAY, 2), 'Columbus Day'],
    ...fixed.map(([day, name]): Dated => [observedByBanks(day), name]),
  ])
}

/** Closures that no rule gives: days of mourning, disasters. */
const NYSE_SPECIAL: Record<Day, string> = {
  '2001-09-11': 'September 11 attacks',
  '2001-09-12': 'September 11 attacks',
  '2001-09-13': 'September 11 attacks',
  '2001-09-14': 'September 11 attacks',
  '2004-06-11': 'National Day of Mourning for Ronald Reagan',
  '2007-01-02': 'National Day of Mourning for Gerald Ford',
  '2012-10-29': 'Hurricane Sandy',
  '2012-10-30': 'Hurricane Sandy',
  '2018-12-05': 'National Day of Mourning for George H. W. Bush',
  '2025-01-09': 'National Day of Mourning for Jimmy Carter',
}

/**
 * Full-day closures of the NYSE. Rules as in force 2014-2035; a New Year's Day on a Saturday is not observed, since
 * the Friday before is the end of a year (NYSE rule 7.2).
 */
export function nyseHolidays(year: number): Map<Day, string> {
  const newYear = dayNumber(year, 1, 1)
  const days: Dated[] = [
    ...mondays(year),
    [easterSunday(year) - 2, 'Good Friday'],
    [observed(dayNumber(year, 7, 4)), 'Independence Day'],
    [observed(dayNumber(year, 12, 25)), 'Christmas Day'],
  ]
  if (weekday(newYear) !== 6) days.push([observed(newYear), "New Year's Day"])
  if (year >= JUNETEENTH_NYSE) days.push([observed(dayNumber(year, 6, 19)), 'Juneteenth'])
  const special = Object.entries(NYSE_SPECIAL).filter(([day]) => day.startsWith(`${year}-`))
  return new Map([...toMap(days), ...special].toSorted(([a], [b]) => a.localeCompare(b)))
}

/** Days on which the NYSE closes at 13:00: before Independence Day, after Thanksgiving, on Christmas Eve. */
export function nyseEarlyCloses(year: number): Map<Day, string> {
  const holidays = nyseHolidays(year)
  const candidates: Dated[] = [
    [dayNumber(year, 7, 3), 'Day before Independence Day'],
    [nthWeekday(year, 11, THURSDAY, 4) + 1, 'Day after Thanksgiving Day'],
    [dayNumber(year, 12, 24), 'Christmas Eve'],
  ]
  return toMap(
    candidates.filter(([day]) => weekday(day) !== 0 && weekday(day) !== 6 && !holidays.has(dayText(day))),
  )
}
