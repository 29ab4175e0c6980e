import type { ReturnConvention, Series } from './series.ts'
import { excess, TRADING_DAYS } from './series.ts'

/**
 * Downside deviation: `sqrt(sum(min(r - required, 0)^2) / n) x sqrt(periodsPerYear)`. The divisor counts all periods
 * (`'all'`, default), or only the losing ones (`'losses'`). Null without returns. Source: F. Sortino; empyrical.
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
