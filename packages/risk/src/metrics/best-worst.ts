import type { Series } from './series.ts'
import { present } from './series.ts'

/** The highest value; null without any. */
export function best(values: Series): number | null {
  const seen = present(values)
  return seen.length === 0 ? null : seen.reduce((a, b) => Math.max(a, b))
}

/** The lowest value; null without any. */
export function worst(values: Series): number | null {
  const seen = present(values)
  return seen.length === 0 ? null : seen.reduce((a, b) => Math.min(a, b))
}
