import { type accountScope, findFirstEquityPoint, findLastEquityPoint, type Queryable } from '@quantdeck/db'
import {
  AppError,
  DAY_MS,
  type Decimal,
  type EquityPoint,
  type TimeWindow,
  utcDay,
  type V1Period,
  v1Window,
  ZERO,
} from '@quantdeck/domain'

/** A period, or whole UTC days. */
export type Wanted = { period: V1Period } | { period: null; from?: Date; to?: Date }

/** A window, and how far its points are apart. */
export interface Span {
  window: TimeWindow
  step: 'day' | 'hour'
}

/** One curve to add up: an account, or one strategy of it when the actor does not see all. */
export interface Part {
  scope: ReturnType<typeof accountScope>
  capital: Decimal
  now: EquityPoint
}

/** Up to two days a curve has a point an hour. */
const HOURLY_UP_TO_MS = 2 * DAY_MS

function spanOf(wanted: Wanted, now: Date): Span {
  if (wanted.period !== null)
    return { window: v1Window(wanted.period, now), step: wanted.period === '1d' ? 'hour' : 'day' }
  const to = wanted.to !== undefined && wanted.to < now ? wanted.to : now
  // The base is the last value before the first day, so that this day has a return of its own.
  const from = wanted.from === undefined ? null : new Date(Math.min(wanted.from.getTime(), to.getTime()) - 1)
  const isShort = from !== null && to.getTime() - from.getTime() <= HOURLY_UP_TO_MS
  return { window: { from, to }, step: isShort ? 'hour' : 'day' }
}

/**
 * The window that somebody wants. Chosen days from before there was anything begin with the day of the first fact: what
 * lies before is one flat line, of whatever length.
 * @throws AppError VALIDATION_ERROR for days that were over before it
 */
export async function factualSpan(
  db: Queryable,
  parts: readonly Part[],
  wanted: Wanted,
  now: Date,
): Promise<Span> {
  const span = spanOf(wanted, now)
  if (wanted.period !== null) return span
  const { from, to } = span.window
  const firsts = await Promise.all(parts.map(({ scope }) => findFirstEquityPoint(db, scope)))
  const first = Math.min(now.getTime(), ...firsts.flatMap((fact) => fact?.at.getTime() ?? []))
  const firstDay = Math.floor(first / DAY_MS) * DAY_MS
  if (to.getTime() < firstDay) throw nothingUntil(new Date(firstDay))
  const base = new Date(firstDay - 1)
  return from === null || from >= base ? span : { ...span, window: { from: base, to } }
}

function nothingUntil(first: Date): AppError {
  const details = [{ field: 'to_day', message: `There are no figures before ${utcDay(first)}` }]
  return new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
}

/** A part as it stood at an earlier moment. */
export async function stoodAt(db: Queryable, { scope, capital, now }: Part, at: Date): Promise<EquityPoint> {
  if (now.at <= at) return now
  const before = await findLastEquityPoint(db, scope, at)
  return { ...(before ?? { equity: capital, realizedPnl: ZERO, unrealizedPnl: ZERO }), at }
}
