import { type Day, dayNumber, dayText, easterSunday, mondayOnOrAfter } from './days.ts'

const FIXED: [number, number, string][] = [
  [1, 1, "New Year's Day"],
  [5, 1, 'Labor Day'],
  [7, 20, 'Independence Day'],
  [8, 7, 'Battle of Boyacá'],
  [12, 8, 'Immaculate Conception'],
  [12, 25, 'Christmas Day'],
]

/** Moved to the Monday on or after the date: Ley 51 de 1983, "Ley Emiliani". */
const MOVED: [number, number, string][] = [
  [1, 6, 'Epiphany'],
  [3, 19, "Saint Joseph's Day"],
  [6, 29, "Saint Peter and Saint Paul's Day"],
  [8, 15, 'Assumption Day'],
  [10, 12, 'Columbus Day'],
  [11, 1, "All Saints' Day"],
  [11, 11, 'Independence of Cartagena'],
]

/** Days after Easter Sunday; the last three are feasts moved to their Monday. */
const FROM_EASTER: [number, string][] = [
  [-3, 'Maundy Thursday'],
  [-2, 'Good Friday'],
  [43, 'Ascension Day'],
  [64, 'Corpus Christi'],
  [71, 'Sacred Heart'],
]

/** July 9 moved to Monday. Two public holiday lists carry it from 2026 on; the stock exchange's calendar does not yet. */
const CHIQUINQUIRA = { since: 2026, month: 7, day: 9, name: 'Our Lady of the Rosary of Chiquinquirá' }

/** Public holidays of Colombia in a year (Ley 51 de 1983), day to name. */
export function colombianHolidays(year: number): Map<Day, string> {
  const easter = easterSunday(year)
  const holidays: [number, string][] = [
    ...FIXED.map(([month, day, name]): [number, string] => [dayNumber(year, month, day), name]),
    ...MOVED.map(([month, day, name]): [number, string] => [
      mondayOnOrAfter(dayNumber(year, month, day)),
      name,
    ]),
    ...FROM_EASTER.map(([offset, name]): [number, string] => [easter + offset, name]),
  ]
  if (year >= CHIQUINQUIRA.since) {
    holidays.push([mondayOnOrAfter(dayNumber(year, CHIQUINQUIRA.month, CHIQUINQUIRA.day)), CHIQUINQUIRA.name])
  }
  return new Map(holidays.toSorted(([a], [b]) => a - b).map(([day, name]) => [dayText(day), name]))
}
