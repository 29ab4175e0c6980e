import type { ReturnConvention, Series } from './series.ts'
import { deviation, excess, TRADING_DAYS } from './series.ts'

/**
 * Downside deviation: `sqrt(sum(min(r - required, 0)^2) / n) x sqrt(periodsPerYear)`. The divisor counts all periods
 * (`'all'`, default), or only the losing ones (`'losses'`). Null without returns. Source: F. Sortino; empyrical.
 * For the deviation of the losses around their own mean see {@link lossDeviation}.
 */
export function downsideDeviation(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear' | 'riskFree'> & { divisor?: 'all' | 'losses' } = {},
): number | null {
  const over = excess(returns, convention.riskFree)
  if (over.length === 0) return null
  let squares = 0
  let losses = 0
  for (const value of over) {
    if (value >= 0) continue
    squares += value * value
    losses += 1
  }
  if (losses === 0) return 0
  const divisor = convention.divisor === 'losses' ? losses : over.length
  return Math.sqrt(squares / divisor) * Math.sqrt(convention.periodsPerYear ?? TRADING_DAYS)
}

/**
 * Standard deviation of the losing returns around their own mean, divisor n - ddof (0 by default), times
 * `sqrt(periodsPerYear)`. Not a downside deviation (equal losses give 0), but what some tools divide by.
 * Null below ddof + 1 losses. Source: freqtrade `calculate_sortino`.
 */
export function lossDeviation(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear' | 'riskFree' | 'ddof'> = {},
): number | null {
  const losses = excess(returns, convention.riskFree).filter((value) => value < 0)
  const std = deviation(losses, convention.ddof ?? 0)
  return std === null ? null : std * Math.sqrt(convention.periodsPerYear ?? TRADING_DAYS)
}
