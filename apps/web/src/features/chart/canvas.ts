import type { Time, UTCTimestamp } from 'lightweight-charts'

/** A colour of the palette that is on. */
export function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** Days stay days; instants become Unix seconds. */
export function toTime(date: string): Time {
  return date.length === 10 ? date : ((Date.parse(date) / 1000) as UTCTimestamp)
}
