/** Where the time comes from. Only this file and an app's `main.ts` touch the system clock. */
export interface Clock {
  /** Current instant. */
  now(): Date
  /** Current instant as milliseconds since the epoch. */
  nowMs(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  nowMs: () => Date.now(),
}

/** A clock that stands still until it is told to move; never moves backwards. For tests and the demo's history. */
export class VirtualClock implements Clock {
  #ms: number
  constructor(start: Date | number) {
    this.#ms = Number(start)
  }
  now(): Date {
    return new Date(this.#ms)
  }
  nowMs(): number {
    return this.#ms
  }
  advanceTo(instant: Date | number): void {
    const ms = Number(instant)
    if (ms > this.#ms) this.#ms = ms
  }
  advanceBy(ms: number): void {
    this.advanceTo(this.#ms + ms)
  }
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** `2026-01-07T16:30:00Z`: whole seconds, UTC; milliseconds only when they are not zero. */
export function formatInstant(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z')
}

/** The calendar day of an instant in a zone, `2026-01-07`. */
export function dayInZone(at: Date | number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Number(at)).toZonedDateTimeISO(zone).toPlainDate().toString()
}

/** The UTC day of an instant, `2026-01-07`. */
export function utcDay(at: Date | number): string {
  return new Date(Number(at)).toISOString().slice(0, 10)
}

/** The instant at which a calendar day starts in a zone. */
export function startOfDayInZone(day: string, zone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone }).epochMilliseconds)
}

/** An instant with a zone's own offset, `2026-01-08T08:00:00-05:00` (no zone name). */
export function formatInstantInZone(at: Date | number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Number(at)).toString({
    timeZone: zone,
    smallestUnit: 'second',
  })
}

/** A half-open window [from, to). `from` is null for "all": from the first fact. */
export interface TimeWindow {
  from: Date | null
  to: Date
}

export const V1_PERIODS = ['1d', '1w', '1m', '3m', '1y', 'all'] as const
export type V1Period = (typeof V1_PERIODS)[number]
export const RL_PERIODS = ['1d', '7d', '30d', '90d', 'all'] as const
export type RlPeriod = (typeof RL_PERIODS)[number]

const V1_DAYS: Record<V1Period, number | null> = {
  '1d': 1,
  '1w': 7,
  '1m': 30,
  '3m': 90,
  '1y': 365,
  all: null,
}
const RL_DAYS: Record<RlPeriod, number | null> = { '1d': 1, '7d': 7, '30d': 30, '90d': 90, all: null }

/** v1 windows end now: 1d = the last 24 hours, 1w 7, 1m 30, 3m 90, 1y 365 days. */
export function v1Window(period: V1Period, now: Date): TimeWindow {
  const days = V1_DAYS[period]
  return { from: days === null ? null : new Date(now.getTime() - days * DAY_MS), to: now }
}

/**
 * rl windows are whole UTC days as in the document's example: 30d seen on 2026-01-07 is
 * 2025-12-08T00:00:00Z .. 2026-01-07T23:59:59Z; `to` is the exclusive end of that day.
 */
export function rlWindow(period: RlPeriod, now: Date): TimeWindow {
  const endOfDay = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS + DAY_MS)
  const days = RL_DAYS[period]
  return { from: days === null ? null : new Date(endOfDay.getTime() - (days + 1) * DAY_MS), to: endOfDay }
}
