import {
  type EquityScope,
  findFirstEquityPoint,
  findLastEquityPoint,
  listLastEquityPointPer,
  type Queryable,
} from '@quantdeck/db'
import {
  DAY_MS,
  type Decimal,
  type EquityPoint,
  HOUR_MS,
  type TimeWindow,
  utcDay,
  ZERO,
} from '@quantdeck/domain'

/** A point of a published curve. `label` is a day, or an instant in curves of hours. */
export interface CurvePoint {
  at: Date
  equity: Decimal
}

export interface EquityWindow {
  /** First point: the equity at the window's start. Last: the equity now. So last - first is the window's P&L. */
  points: CurvePoint[]
  from: Date
  to: Date
}

/**
 * The equity of one scope over a window: its value at the start, then the last value of each day (or hour), then now.
 * A day without a fact keeps the value of the day before. For "all" the start is the capital before the first fact.
 */
export async function equityWindow(
  db: Queryable,
  scope: EquityScope,
  options: { window: TimeWindow; step: 'day' | 'hour'; capital: Decimal; now: EquityPoint },
): Promise<EquityWindow> {
  const { window, step, capital, now } = options
  const stepMs = step === 'day' ? DAY_MS : HOUR_MS
  const first = await findFirstEquityPoint(db, scope)
  const from = window.from ?? new Date(startOfStep(first?.at ?? now.at, stepMs) - stepMs)
  const before = await findLastEquityPoint(db, scope, from)
  const base = { at: from, equity: before?.equity ?? capital }
  const facts = await listLastEquityPointPer(db, step, scope, { from, to: now.at })
  return { points: stepped(base, facts, now, stepMs), from, to: now.at }
}

function stepped(
  base: CurvePoint,
  facts: readonly EquityPoint[],
  now: EquityPoint,
  stepMs: number,
): CurvePoint[] {
  const byStep = new Map(facts.map((fact) => [startOfStep(fact.at, stepMs), fact.equity]))
  const points = [base]
  let equity = byStep.get(startOfStep(base.at, stepMs)) ?? base.equity
  const last = startOfStep(now.at, stepMs)
  for (let start = startOfStep(base.at, stepMs) + stepMs; start < last; start += stepMs) {
    equity = byStep.get(start) ?? equity
    points.push({ at: new Date(start), equity })
  }
  points.push({ at: now.at, equity: now.equity })
  return points
}

function startOfStep(at: Date, stepMs: number): number {
  return Math.floor(at.getTime() / stepMs) * stepMs
}

/** Curves of several accounts added up, point by point; a curve that starts later counts its first value before. */
export function sumCurves(curves: readonly CurvePoint[][]): CurvePoint[] {
  const longest = curves.reduce<CurvePoint[]>(
    (best, curve) => (curve.length > best.length ? curve : best),
    [],
  )
  return longest.map(({ at }, index) => ({
    at,
    equity: curves.reduce((sum, curve) => {
      const offset = index - (longest.length - curve.length)
      return sum.plus((curve[Math.max(0, offset)] ?? { equity: ZERO }).equity)
    }, ZERO),
  }))
}

/** Closes of the days on which a calendar had a session, with the starting value in front: what returns are made of. */
export function sessionCloses(
  points: readonly CurvePoint[],
  isSessionDay: (day: string) => boolean,
): number[] {
  return points
    .filter((point, index) => index === 0 || isSessionDay(utcDay(point.at)))
    .map((point) => point.equity.toNumber())
}
