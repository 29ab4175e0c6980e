import type { SeriesMarker, Time, UTCTimestamp } from 'lightweight-charts'
import type { CurveMark } from './curve.ts'

/** A colour of the palette that is on. */
export function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** Days stay days; instants become Unix seconds. */
export function toTime(date: string): Time {
  return date.length === 10 ? date : ((Date.parse(date) / 1000) as UTCTimestamp)
}

/** An arrow at what happened. */
export function toMarker({ date, text, isBad }: CurveMark): SeriesMarker<Time> {
  return {
    time: toTime(date),
    position: 'aboveBar',
    shape: 'arrowDown',
    color: cssColour(isBad ? '--down' : '--accent'),
    text,
  }
}
