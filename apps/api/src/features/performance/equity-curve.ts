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
  /** USD, since the beginning; with the unrealised part and the capital it makes the equity. */
  realizedPnl: Decimal
  unrealizedPnl: Decimal
}

export interface EquityWindow {
  /** First point: the equity at the window's start. Last: the equity now. So last - first is the window's P&L. */
  points: CurvePoint[]
  from: Date
  to: Date
}

/**
 * The equity of one scope over a window: its value at the start, then a point for each day (its last value) or each full
 * hour (the value then), then now. A step without a fact keeps the value before. For "all" the start is the capital
 * before the first fact.
 */
export async function equityWindow(
  db: Queryable,
  scope: EquityScope,
  options: { window: TimeWindow; step: 'day' | 'hour'; capital: Decimal; now: EquityPoint },
): Promise<EquityWindow> {
  const { window, step, capital, now } = options
  const first = await findFirstEquityPoint(db, scope)
  const from = window.from ?? new Date(startOfStep(first?.at ?? now.at, STEP_MS[step]) - STEP_MS[step])
  const before = await findLastEquityPoint(db, scope, from)
  const { equity, realizedPnl, unrealizedPnl } = before ?? untouched(capital)
  const base = { at: from, equity, realizedPnl, unrealizedPnl }
  const facts = await listLastEquityPointPer(db, step, scope, { from, to: now.at })
  return { points: stepped(base, facts, now, step), from, to: now.at }
}

/** The books before anything happened. */
function untouched(capital: Decimal): Omit<EquityPoint, 'at'> {
  return { equity: capital, realizedPnl: ZERO, unrealizedPnl: ZERO }
}

const STEP_MS = { day: DAY_MS, hour: HOUR_MS }

function stepped(
  base: CurvePoint,
  facts: readonly EquityPoint[],
  now: EquityPoint,
  step: 'day' | 'hour',
): CurvePoint[] {
  const stepMs = STEP_MS[step]
  const byStep = new Map(facts.map((fact) => [startOfStep(fact.at, stepMs), fact]))
  const points = [base]
  const firstStep = startOfStep(base.at, stepMs)
  const nowStep = startOfStep(now.at, stepMs)
  let last: Omit<CurvePoint, 'at'> = base
  for (let start = firstStep; start < nowStep; start += stepMs) {
    last = byStep.get(start) ?? last
    // A day is named by itself and ends with its last value: that of the window's start is the base. An hour is an instant.
    const at = step === 'hour' ? start + stepMs : start
    if (at > base.at.getTime() && at < now.at.getTime()) points.push({ ...last, at: new Date(at) })
  }
  points.push(now)
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
  return longest.map(({ at }, index) => {
    const parts = curves.flatMap((curve) => {
      const point = curve[Math.max(0, index - (longest.length - curve.length))]
      return point === undefined ? [] : [point]
    })
    const sum = (field: 'equity' | 'realizedPnl' | 'unrealizedPnl') =>
      parts.reduce((total, point) => total.plus(point[field]), ZERO)
    return { at, equity: sum('equity'), realizedPnl: sum('realizedPnl'), unrealizedPnl: sum('unrealizedPnl') }
  })
}

/**
 * What returns are made of: the window's start, then the last value of each day on which a calendar had a session. Hours
 * of one day are one return, since ratios are annualised by days.
 */
export function sessionCloses(
  points: readonly Pick<CurvePoint, 'at' | 'equity'>[],
  isSessionDay: (day: string) => boolean,
): number[] {
  const [base, ...rest] = points
  if (!base) return []
  const byDay = new Map<string, number>()
  for (const point of rest) byDay.set(utcDay(point.at), point.equity.toNumber())
  const closes = [...byDay].filter(([day]) => isSessionDay(day)).map(([, equity]) => equity)
  return [base.equity.toNumber(), ...closes]
}
