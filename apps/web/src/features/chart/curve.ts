/** A point of the contracts' equity curve. */
export interface WirePoint {
  date: string
  value: string
  /** What the equity is made of, where it is known. */
  realized?: string
  unrealized?: string
}

export interface CurvePoint {
  /** As on the wire: a day, or an instant in the 1d curve. */
  date: string
  equity: number
  /** Percent below the highest equity so far, zero or negative. */
  drawdownPct: number
  realized?: number
  unrealized?: number
}

/** From a day to another one, or to the end. */
export interface Zone {
  from: string
  to: string | null
}

/** Something that happened on a day of the curve. */
export interface CurveMark {
  date: string
  text: string
  isBad: boolean
}

/** What is shown with a curve. */
export interface Overlays {
  zones: readonly Zone[]
  benchmark: readonly WirePoint[]
  marks: readonly CurveMark[]
  isLog: boolean
}

/** Days are compared as text: both are ISO. */
export function isInZone(date: string, zones: readonly Zone[]): boolean {
  return zones.some(({ from, to }) => date >= from && (to === null || date <= to))
}

/** Adds the drawdown from the running peak, which counts the first point. */
export function toCurve(points: readonly WirePoint[]): CurvePoint[] {
  let peak = -Infinity
  return points.flatMap(({ date, value, realized, unrealized }) => {
    const equity = Number(value)
    if (!Number.isFinite(equity)) return []
    peak = Math.max(peak, equity)
    const drawdownPct = peak > 0 ? (equity / peak - 1) * 100 : 0
    return [
      {
        date,
        equity,
        drawdownPct,
        ...(realized === undefined ? {} : { realized: Number(realized) }),
        ...(unrealized === undefined ? {} : { unrealized: Number(unrealized) }),
      },
    ]
  })
}

/** The first point at or after an instant; days count as a whole. */
export function dateOnCurve(at: string, curve: readonly { date: string }[]): string | undefined {
  const ofDays = (curve[0]?.date.length ?? 0) === 10
  const wanted = ofDays ? at.slice(0, 10) : at
  return curve.find(({ date }) => date >= wanted)?.date
}

export function deepest(curve: readonly CurvePoint[]): CurvePoint | undefined {
  let worst = curve[0]
  for (const point of curve) if (worst && point.drawdownPct < worst.drawdownPct) worst = point
  return worst
}

export interface MonthReturn {
  year: number
  /** 0..11 */
  month: number
  /** Percent of the equity at the end of the month before. */
  returnPct: number
}

/** Return of each calendar month: its last equity against that of the month before. */
export function monthlyReturns(curve: readonly CurvePoint[]): MonthReturn[] {
  const months: MonthReturn[] = []
  let base = curve[0]?.equity ?? 0
  for (const [index, point] of curve.entries()) {
    const next = curve[index + 1]
    const key = point.date.slice(0, 7)
    if (next?.date.slice(0, 7) === key) continue
    months.push({
      year: Number(key.slice(0, 4)),
      month: Number(key.slice(5, 7)) - 1,
      returnPct: base > 0 ? (point.equity / base - 1) * 100 : 0,
    })
    base = point.equity
  }
  return months
}

/** Months compound to the year. */
export function yearReturn(months: readonly MonthReturn[]): number {
  return (months.reduce((factor, { returnPct }) => factor * (1 + returnPct / 100), 1) - 1) * 100
}
