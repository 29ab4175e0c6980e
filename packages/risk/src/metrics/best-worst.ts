import type { Series } from './series.ts'
import { present } from './series.ts'

/** The highest value; null without any. */
export function best(values: Series): number | null {
  const seen = present(values)
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < seen.length; i++) highest = Math.max(highest, seen[i]!)
  return seen.length === 0 ? null : highest
}

/** The lowest value; null without any. */
export function worst(values: Series): number | null {
  const seen = present(values)
  let lowest = Number.POSITIVE_INFINITY
  for (let i = 0; i < seen.length; i++) lowest = Math.min(lowest, seen[i]!)
  return seen.length === 0 ? null : lowest
}
