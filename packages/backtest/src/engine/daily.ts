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

/** Index of the last bar of the UTC day that bar `from` is of. */
function lastOfDay(t: Float64Array, from: number): number {
  const nextDay = (Math.floor(t[from]! / DAY_MS) + 1) * DAY_MS
  let low = from
  let step = 1
  while (low + step < t.length && t[low + step]! < nextDay) {
    low += step
    step *= 2
  }
  for (; step >= 1; step = Math.floor(step / 2)) {
    if (low + step < t.length && t[low + step]! < nextDay) low += step
  }
  return low
}

/**
 * The curve of a run with one point a day, oldest first. The first day stands for the starting capital: nothing had
 * happened when its first bar opened.
 */
export function dailyCurve(
  result: { t: Float64Array; equity: Float64Array; benchmarkAt: (step: number) => number },
  initialCapital: number,
): DailyPoint[] {
  const { t, equity } = result
  const points: DailyPoint[] = []
  for (let i = 0; i < t.length; i++) {
    // From one day's last bar to the next: a day of minutes is found in a few steps.
    i = lastOfDay(t, i)
    const date = new Date(t[i]!).toISOString().slice(0, 10)
    // A run of a single day has no later point that could show its result.
    const isBase = points.length === 0 && i + 1 < t.length
    points.push({
      date,
      t: t[i]!,
      equity: isBase ? initialCapital : equity[i]!,
      benchmark: isBase ? initialCapital : result.benchmarkAt(i),
    })
  }
  return points
}
