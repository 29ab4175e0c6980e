import type { Series } from './series.ts'
import { mean } from './series.ts'

const HOUR_MS = 3_600_000

/** Mean time from entry to exit in hours, of durations in milliseconds. Null without trades. */
export function averageTradeDurationHours(durationsMs: Series): number | null {
  const average = mean(durationsMs)
  return average === null ? null : average / HOUR_MS
}
