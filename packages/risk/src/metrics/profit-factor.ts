import { omega } from './omega.ts'
import type { Series } from './series.ts'

/** Profit factor on money: sum of the winning results over |sum of the losing ones|. Null without a loss. */
export function profitFactor(results: Series): number | null {
  return omega(results)
}
