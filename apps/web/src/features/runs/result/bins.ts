export interface Bin {
  from: number
  to: number
  count: number
}

/** Round steps: 1, 2 or 5 times a power of ten, so that bounds can be read. */
function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  const lead = raw / power
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power
}

/** Counts in equal bins with zero as a bound, so that losses and gains never share one. Values on a bound count upwards. */
export function toBins(values: readonly number[], wanted = 15): Bin[] {
  if (values.length === 0) return []
  const low = values.reduce((least, value) => Math.min(least, value), 0)
  const high = values.reduce((most, value) => Math.max(most, value), 0)
  if (low === high) return [{ from: 0, to: 1, count: values.length }]
  const step = niceStep((high - low) / wanted)
  const first = Math.floor(low / step)
  const last = Math.floor(high / step)
  const counts = Array.from({ length: last - first + 1 }, () => 0)
  for (const value of values) {
    const place = Math.floor(value / step) - first
    counts[place] = (counts[place] ?? 0) + 1
  }
  // Counted in whole steps: 3 × 0.1 is not 0.3.
  const bound = (n: number) => Number((n * step).toPrecision(12))
  return counts.map((count, index) => ({ from: bound(first + index), to: bound(first + index + 1), count }))
}
