import { payoffRatio } from './average-win-loss.ts'
import type { Series } from './series.ts'
import { defined, mean } from './series.ts'
import { winRate } from './win-rate.ts'

/** Expectancy: mean result per trade, in the results' unit. Null without trades. */
export function expectancy(results: Series): number | null {
  return mean(results)
}

/**
 * Expectancy per unit risked: `(1 + averageWin / |averageLoss|) x winRate - 1`. Null without a win or a loss.
 * Source: freqtrade `calculate_expectancy`.
 */
export function expectancyRatio(results: Series): number | null {
  const payoff = payoffRatio(results) ?? Number.NaN
  return defined((1 + payoff) * (winRate(results) ?? Number.NaN) - 1)
}

/**
 * Kelly fraction: `(payoff x p - (1 - p)) / payoff`, p the win rate without zero results. Null without a win or a loss.
 * Source: J. L. Kelly (1956).
 */
export function kelly(results: Series): number | null {
  const payoff = payoffRatio(results) ?? Number.NaN
  const rate = winRate(results, true) ?? Number.NaN
  return defined((payoff * rate - (1 - rate)) / payoff)
}
