import { calendarById, type Instrument, sessionsBetween } from '@quantdeck/domain'

/** Days on which at least one of the instruments' calendars had a session. */
export function sessionDays(
  instruments: readonly Instrument[],
  from: Date,
  to: Date,
): (day: string) => boolean {
  const days = new Set<string>()
  for (const id of new Set(instruments.map((instrument) => instrument.calendar))) {
    for (const session of sessionsBetween(calendarById(id), from, to)) days.add(session.day)
  }
  return (day) => days.has(day)
}
