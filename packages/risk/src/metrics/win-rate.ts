import type { Series } from './series.ts'
import { present } from './series.ts'

/**
 * Share of results above zero, 0..1. Results of exactly 0 count in the divisor, unless `ignoreZero` (as for periods
 * without a position). Null without results.
 */
export function winRate(results: Series, ignoreZero = false): number | null {
  const seen = present(results)
  let wins = 0
  let counted = 0
  for (const value of seen) {
    if (value > 0) wins += 1
    if (value !== 0 || !ignoreZero) counted += 1
  }
  return counted === 0 ? null : wins / counted
}
