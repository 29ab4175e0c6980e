const DAY_SECONDS = 86_400
const MONTH_SECONDS = 30 * DAY_SECONDS
const UNITS: Record<string, number> = {
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: DAY_SECONDS,
  w: 7 * DAY_SECONDS,
  mo: MONTH_SECONDS,
}

/** `5m`, `1h`, `1d`, `1w`, `1mo` (30 days) or plain seconds; null when it is none of them. */
export function parseInterval(text: string): number | null {
  const match = /^(\d{1,6})(s|m|min|h|d|w|mo)?$/i.exec(text.trim())
  const unit = UNITS[match?.[2]?.toLowerCase() ?? 's']
  const seconds = match === null || unit === undefined ? 0 : Number(match[1]) * unit
  return seconds > 0 ? seconds : null
}

/** `86400` as `1d`, as far as a unit divides it. */
export function formatInterval(seconds: number): string {
  for (const unit of ['mo', 'w', 'd', 'h', 'm'] as const) {
    const size = UNITS[unit] ?? 1
    if (seconds % size === 0) return `${seconds / size}${unit}`
  }
  return `${seconds}s`
}

/**
 * The interval between bars: the step that occurs most often between neighbours in time. Months count as 30 days.
 * @returns null with fewer than two different instants
 */
export function inferInterval(instantsMs: readonly number[]): number | null {
  const sorted = [...new Set(instantsMs)].sort((a, b) => a - b)
  const counts = new Map<number, number>()
  let best: number | null = null
  for (let index = 1; index < sorted.length; index += 1) {
    const step = Math.round(((sorted[index] ?? 0) - (sorted[index - 1] ?? 0)) / 1000)
    const seconds = step >= 28 * DAY_SECONDS && step <= 31 * DAY_SECONDS ? MONTH_SECONDS : step
    const count = (counts.get(seconds) ?? 0) + 1
    counts.set(seconds, count)
    const leading = best === null ? 0 : (counts.get(best) ?? 0)
    if (best === null || count > leading || (count === leading && seconds < best)) best = seconds
  }
  return best === 0 ? null : best
}
