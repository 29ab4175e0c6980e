/** Calendar days as `2026-01-07`, handled through their day number since 1970-01-01: no zone, no DST, no clock. */
export type Day = string

const DAY_MS = 86_400_000

/** Day number since 1970-01-01. Months count from 1. */
export function dayNumber(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / DAY_MS)
}

export function dayText(number: number): Day {
  return new Date(number * DAY_MS).toISOString().slice(0, 10)
}

/** 0 Sunday .. 6 Saturday. 1970-01-01 was a Thursday. */
export function weekday(number: number): number {
  return (((number + 4) % 7) + 7) % 7
}

export function isWeekend(number: number): boolean {
  const day = weekday(number)
  return day === 0 || day === 6
}

/** The n-th given weekday of a month, n from 1. */
export function nthWeekday(year: number, month: number, wanted: number, n: number): number {
  const first = dayNumber(year, month, 1)
  return first + ((wanted - weekday(first) + 7) % 7) + (n - 1) * 7
}

/** The last Monday of a month of 31 days or less. */
export function lastMonday(year: number, month: number): number {
  const last = dayNumber(year, month + 1, 1) - 1
  return last - ((weekday(last) + 6) % 7)
}

/** The Monday on or after a day. */
export function mondayOnOrAfter(number: number): number {
  return number + ((8 - weekday(number)) % 7)
}

/** Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8). */
export function easterSunday(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return dayNumber(year, Math.floor(n / 31), (n % 31) + 1)
}
