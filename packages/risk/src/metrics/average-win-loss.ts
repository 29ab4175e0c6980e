import type { Series } from './series.ts'
import { defined, mean, present } from './series.ts'

/** Mean of the results above zero; null without one. */
export function averageWin(results: Series): number | null {
  return mean(present(results).filter((value) => value > 0))
}

/** Mean of the results below zero, a negative number; null without one. */
export function averageLoss(results: Series): number | null {
  return mean(present(results).filter((value) => value < 0))
}

/** Payoff ratio: average win over |average loss|. Null without one of both. */
export function payoffRatio(results: Series): number | null {
  const win = averageWin(results)
  const loss = averageLoss(results)
  return win === null || loss === null ? null : defined(win / Math.abs(loss))
}
