/** One day of an equity curve: the last value of a UTC day with bars. */
export interface DailyPoint {
  /** `2026-01-07` */
  date: string
  /** Opening instant of that day's last bar, ms. */
  t: number
  equity: number
  benchmark: number
}

const DAY_MS = 86_400_000

/**
 * The curve of a run with one point a day, oldest first. The first day stands for the starting capital: nothing had
 * happened when its first bar opened.
 */
export function dailyCurve(
  result: { t: Float64Array; equity: Float64Array; benchmark: Float64Array },
  initialCapital: number,
): DailyPoint[] {
  const { t, equity, benchmark } = result
  const points: DailyPoint[] = []
  for (let i = 0; i < t.length; i++) {
    const day = Math.floor(t[i]! / DAY_MS)
    if (i + 1 < t.length && Math.floor(t[i + 1]! / DAY_MS) === day) continue
    const date = new Date(t[i]!).toISOString().slice(0, 10)
    // A run of a single day has no later point that could show its result.
    const isBase = points.length === 0 && i + 1 < t.length
    points.push({
      date,
      t: t[i]!,
      equity: isBase ? initialCapital : equity[i]!,
      benchmark: isBase ? initialCapital : benchmark[i]!,
    })
  }
  return points
}
