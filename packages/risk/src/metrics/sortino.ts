import { downsideDeviation } from './downside-deviation.ts'
import type { ReturnConvention, Series } from './series.ts'
import { defined, excess, mean, TRADING_DAYS } from './series.ts'

/**
 * Sortino ratio: `mean(r - required) x periodsPerYear / downsideDeviation`, the deviation dividing by all periods.
 * Null below two returns or without a single loss. Source: F. Sortino and L. Price (1994); empyrical `sortino_ratio`.
 */
export function sortino(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear' | 'riskFree'> & { divisor?: 'all' | 'losses' } = {},
): number | null {
  const over = excess(returns, convention.riskFree)
  if (over.length < 2) return null
  const downside = downsideDeviation(returns, convention)
  const average = mean(over)
  if (downside === null || average === null || downside === 0) return null
  return defined((average * (convention.periodsPerYear ?? TRADING_DAYS)) / downside)
}
