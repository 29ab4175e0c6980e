/** Equal bins over [low, high]; a value outside counts in the nearest bin, `high` itself in the last. */
export interface Bins {
  low: number
  high: number
  count: number
}

/** The bins of an action in [-1, 1]. */
export const ACTION_BINS: Bins = Object.freeze({ low: -1, high: 1, count: 20 })

/** A value within this of an edge lies on it: 0.1 + 0.2 and 0.3 must not fall into different bins. */
const EDGE_EPSILON = 1e-9

/** Index of the bin of a value; a value on an inner edge belongs to the bin above. */
export function binOf(value: number, { low, high, count }: Bins): number {
  const index = Math.floor(((value - low) / (high - low)) * count + EDGE_EPSILON)
  return Math.min(count - 1, Math.max(0, index))
}

/** Counts per bin. */
export function histogram(values: readonly number[], bins: Bins): number[] {
  const counts = Array.from<number>({ length: bins.count }).fill(0)
  for (const value of values) {
    const index = binOf(value, bins)
    counts[index] = (counts[index] as number) + 1
  }
  return counts
}

/** Normalised to a sum of 1. */
export function normalize(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}
