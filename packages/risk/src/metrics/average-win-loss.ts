import type { Series } from './series.ts'
import { present, ratio } from './series.ts'

/** Without a filtered copy: a long backtest has a hundred thousand results. */
function meanOfSign(results: Series, sign: 1 | -1): number | null {
  const seen = present(results)
  let sum = 0
  let count = 0
  for (let i = 0; i < seen.length; i++) {
    const value = seen[i]!
    if (value * sign <= 0) continue
    sum += value
    count += 1
  }
  return count === 0 ? null : sum / count
}

/** Mean of the results above zero; null without one. */
export function averageWin(results: Series): number | null {
  return meanOfSign(results, 1)
}

/** Mean of the results below zero, a negative number; null without one. */
export function averageLoss(results: Series): number | null {
  return meanOfSign(results, -1)
}

/** Payoff ratio: average win over |average loss|. Null without one of both. */
export function payoffRatio(results: Series): number | null {
  const payoff = ratio(averageWin(results), averageLoss(results))
  return payoff === null ? null : -payoff
}
