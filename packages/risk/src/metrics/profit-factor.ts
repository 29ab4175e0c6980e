import type { Series } from './series.ts'
import { defined, present } from './series.ts'

/** Profit factor on money: sum of the winning results over |sum of the losing ones|. Null without a loss. */
export function profitFactor(results: Series): number | null {
  let gains = 0
  let losses = 0
  for (const value of present(results)) {
    if (value > 0) gains += value
    else losses -= value
  }
  return losses > 0 ? defined(gains / losses) : null
}
