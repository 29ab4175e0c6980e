/** The order in which a file writes day and month, or its unix unit. */
export const DATE_FORMATS = ['YYYY-MM-DD', 'DD/MM/YYYY', 'MM/DD/YYYY', 'unix', 'unix-ms', 'unix-us'] as const
export type DateFormat = (typeof DATE_FORMATS)[number]

/** An instant, and whether the cell named only a day. */
export interface ParsedDate {
  ms: number
  isDay: boolean
}

const CLOCK = String.raw`(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(am|pm)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?`
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})${CLOCK}$`, 'i')
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})${CLOCK}$`, 'i')
const DAY_NAME = new RegExp(String.raw`^(\d{1,2})[- ]([a-z]{3})[a-z]*[- ,]+(\d{4})${CLOCK}$`, 'i')
const NAME_DAY = new RegExp(String.raw`^([a-z]{3})[a-z]*\.?[- ](\d{1,2})[- ,]+(\d{4})${CLOCK}$`, 'i')
const UNIX = /^\d{9,10}(\.0+)?$/
const UNIX_MS = /^\d{12,13}(\.0+)?$/
const UNIX_US = /^\d{15,16}$/
const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** What a file's dates look like, decided once for the whole file. */
export type DateVerdict = { format: DateFormat } | { problem: string }

/**
 * Decides by all cells of a file how its dates are written.
 * `03/04/2024` alone can be March or April: a component above 12 anywhere decides, else the order of the rows, else
 * the person has to say it.
 */
export function inferDateFormat(cells: readonly string[]): DateVerdict {
  const samples = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const unix = samples.filter((cell) => UNIX.test(cell)).length
  const unixMs = samples.filter((cell) => UNIX_MS.test(cell)).length
  const unixUs = samples.filter((cell) => UNIX_US.test(cell)).length
  const slashes = samples.flatMap(readYearLast)
  if (slashes.length > samples.length / 2) return decideSlashes(slashes)
  if (unixUs > samples.length / 2) return { format: 'unix-us' }
  if (unixMs > samples.length / 2) return { format: 'unix-ms' }
  if (unix > samples.length / 2) return { format: 'unix' }
  return { format: 'YYYY-MM-DD' }
}

interface Slashes {
  first: number
  second: number
  year: number
}

function readYearLast(cell: string): Slashes[] {
  const match = YEAR_LAST.exec(cell)
  return match === null ? [] : [{ first: Number(match[1]), second: Number(match[3]), year: toYear(match[4]) }]
}

function decideSlashes(cells: readonly Slashes[]): DateVerdict {
  const dayFirst = cells.filter((cell) => cell.first > 12 && cell.second <= 12).length
  const monthFirst = cells.filter((cell) => cell.second > 12 && cell.first <= 12).length
  // One odd row is a dirty row; many of both kinds is a file that changes its mind.
  if (dayFirst > 20 * monthFirst) return { format: 'DD/MM/YYYY' }
  if (monthFirst > 20 * dayFirst) return { format: 'MM/DD/YYYY' }
  if (dayFirst + monthFirst > 0) {
    return { problem: `the file mixes DD/MM/YYYY (${dayFirst} rows) and MM/DD/YYYY (${monthFirst} rows)` }
  }
  const ordered = {
    'DD/MM/YYYY': isOrdered(cells.map((cell) => cell.year * 10_000 + cell.second * 100 + cell.first)),
    'MM/DD/YYYY': isOrdered(cells.map((cell) => cell.year * 10_000 + cell.first * 100 + cell.second)),
  }
  if (ordered['DD/MM/YYYY'] && !ordered['MM/DD/YYYY']) return { format: 'DD/MM/YYYY' }
  if (ordered['MM/DD/YYYY'] && !ordered['DD/MM/YYYY']) return { format: 'MM/DD/YYYY' }
  return { problem: 'no date in the file tells whether day or month comes first' }
}

function isOrdered(keys: readonly number[]): boolean {
  const steps = keys.slice(1).map((key, index) => key - (keys[index] ?? key))
  return steps.every((step) => step >= 0) || steps.every((step) => step <= 0)
}

/** A cell as an instant; times without an offset are read in `zone`. Null when it is no date of that format. */
export function parseDate(cell: string, format: DateFormat, zone: string): ParsedDate | null {
  const text = cell.trim()
  if (format === 'unix') return UNIX.test(text) ? { ms: Math.trunc(Number(text)) * 1000, isDay: false } : null
  if (format === 'unix-ms') return UNIX_MS.test(text) ? { ms: Math.trunc(Number(text)), isDay: false } : null
  if (format === 'unix-us')
    return UNIX_US.test(text) ? { ms: Math.trunc(Number(text) / 1000), isDay: false } : null
  const parts = readParts(text, format)
  return parts === null ? null : toInstant(parts, zone)
}

interface Parts {
  year: number
  month: number
  day: number
  /** hour, minute, second, fraction, am/pm, offset */
  clock: (string | undefined)[]
}

function readParts(text: string, format: DateFormat): Parts | null {
  const yearFirst = YEAR_FIRST.exec(text)
  if (yearFirst !== null) {
    if (yearFirst[2] === '' && !/^\d{8}(\D|$)/.test(text)) return null
    return toParts(yearFirst[1], yearFirst[3], yearFirst[4], yearFirst.slice(5))
  }
  const yearLast = YEAR_LAST.exec(text)
  if (yearLast !== null) {
    if (format === 'YYYY-MM-DD') return null
    const [first, second] = [yearLast[1], yearLast[3]]
    const clock = yearLast.slice(5)
    return format === 'DD/MM/YYYY'
      ? toParts(yearLast[4], second, first, clock)
      : toParts(yearLast[4], first, second, clock)
  }
  const dayName = DAY_NAME.exec(text)
  if (dayName !== null) return toParts(dayName[3], monthNumber(dayName[2]), dayName[1], dayName.slice(4))
  const nameDay = NAME_DAY.exec(text)
  return nameDay === null ? null : toParts(nameDay[3], monthNumber(nameDay[1]), nameDay[2], nameDay.slice(4))
}

function monthNumber(name: string | undefined): string {
  return String(MONTH_NAMES.indexOf((name ?? '').toLowerCase()) + 1)
}

function toParts(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  clock: (string | undefined)[],
): Parts {
  return { year: toYear(year), month: Number(month), day: Number(day), clock }
}

/** `25` is 2025, `99` is 1999. */
function toYear(text = ''): number {
  const year = Number(text)
  if (text.length !== 2) return year
  return year < 70 ? 2000 + year : 1900 + year
}

function toInstant(parts: Parts, zone: string): ParsedDate | null {
  const [hourText, minuteText, secondText = '0', fraction = '', half, offset] = parts.clock
  const hour = toHour(Number(hourText ?? 0), half?.toLowerCase())
  const minute = Number(minuteText ?? 0)
  const second = Number(secondText)
  if (hour === null || minute > 59 || second > 59) return null
  const dayMs = Date.UTC(parts.year, parts.month - 1, parts.day)
  const check = new Date(dayMs)
  if (check.getUTCMonth() !== parts.month - 1 || check.getUTCDate() !== parts.day) return null
  const wallMs =
    dayMs + ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3))
  const isDay = hourText === undefined
  if (offset !== undefined) return { ms: wallMs - offsetMs(offset), isDay: false }
  return { ms: zone === 'UTC' ? wallMs : wallToInstant(wallMs, zone), isDay }
}

function toHour(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour > 23 ? null : hour
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (half === 'pm' ? 12 : 0)
}

function offsetMs(offset: string): number {
  if (!/^[+-]/.test(offset)) return 0
  const digits = offset.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000
}

/** Wall-clock time in a zone as an instant; in the hour that daylight saving skips or repeats, the earlier offset. */
function wallToInstant(wallMs: number, zone: string): number {
  const wall = new Date(wallMs).toISOString().slice(0, -1)
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds
}
