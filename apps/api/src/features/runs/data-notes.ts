import { type BarColumns, firstBarAt } from '@quantdeck/backtest'
import { countDuplicateRows, countPendingBars, type Queryable } from '@quantdeck/db'
import { calendarById, type Instrument, sessionsBetween } from '@quantdeck/domain'

const MOST_NAMED = 3

/** Sessions of the instrument's calendar between its first and last bar of the range that have no bar at all. */
function missingSessions(instrument: Instrument, bars: BarColumns, start: number): string[] {
  const last = bars.t.length - 1
  if (start > last) return []
  const from = new Date(bars.t[start]!)
  const to = new Date(bars.t[last]!)
  const missing: string[] = []
  for (const session of sessionsBetween(calendarById(instrument.calendar), from, to)) {
    const next = firstBarAt(bars.t, session.openMs)
    const isCovered = next <= last && bars.t[next]! < session.closeMs
    if (!isCovered) missing.push(session.day)
  }
  return missing
}

function named(days: readonly string[]): string {
  const rest = days.length - MOST_NAMED
  return `${days.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** What a reader should know about the bars of a range before believing a result: one sentence each. */
export async function dataNotes(
  db: Queryable,
  instrument: Instrument,
  range: { start: Date; end: Date },
  bars: BarColumns,
): Promise<string[]> {
  const { symbol, barIntervalSeconds: intervalSeconds } = instrument
  const start = firstBarAt(bars.t, range.start.getTime())
  const notes: string[] = []
  const missing = missingSessions(instrument, bars, start)
  if (missing.length > 0) notes.push(`${symbol}: ${missing.length} sessions have no bar: ${named(missing)}`)
  const series = { symbol, intervalSeconds }
  const quarantined = await countPendingBars(db, series, { from: range.start, to: range.end })
  if (quarantined > 0)
    notes.push(`${symbol}: ${quarantined} bars of the range are in quarantine and were left out`)
  const duplicates = await countDuplicateRows(db, symbol)
  if (duplicates > 0)
    notes.push(`${symbol}: ${duplicates} duplicated rows were dropped when its bars were imported`)
  return notes
}
