import { type accountScope, findLastEquityPoint, type Queryable } from '@quantdeck/db'
import {
  DAY_MS,
  type Decimal,
  type EquityPoint,
  type TimeWindow,
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

export function spanOf(wanted: Wanted, now: Date): Span {
  if (wanted.period !== null)
    return { window: v1Window(wanted.period, now), step: wanted.period === '1d' ? 'hour' : 'day' }
  const to = wanted.to !== undefined && wanted.to < now ? wanted.to : now
  // The base is the last value before the first day, so that this day has a return of its own.
  const from = wanted.from === undefined ? null : new Date(Math.min(wanted.from.getTime(), to.getTime()) - 1)
  const isShort = from !== null && to.getTime() - from.getTime() <= HOURLY_UP_TO_MS
  return { window: { from, to }, step: isShort ? 'hour' : 'day' }
}

/** A part as it stood at an earlier moment. */
export async function stoodAt(db: Queryable, { scope, capital, now }: Part, at: Date): Promise<EquityPoint> {
  if (now.at <= at) return now
  const before = await findLastEquityPoint(db, scope, at)
  return { ...(before ?? { equity: capital, realizedPnl: ZERO, unrealizedPnl: ZERO }), at }
}
