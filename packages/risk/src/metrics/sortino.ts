import { downsideDeviation, lossDeviation } from './downside-deviation.ts'
import type { ReturnConvention, Series } from './series.ts'
import { averageOf, excess, ratio, TRADING_DAYS } from './series.ts'

/**
 * Sortino ratio: `mean(r - required) x periodsPerYear / downsideDeviation`, the deviation dividing by all periods.
 * `divisor` is that of {@link downsideDeviation}, or `'loss_deviation'` for {@link lossDeviation}.
 * Null below two returns or without a single loss. Source: F. Sortino and L. Price (1994); empyrical `sortino_ratio`.
 */
export function sortino(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear' | 'riskFree' | 'ddof'> & {
    divisor?: 'all' | 'losses' | 'loss_deviation'
  } = {},
): number | null {
  const over = excess(returns, convention.riskFree)
  if (over.length < 2) return null
  const { divisor, ...rest } = convention
  const downside =
    divisor === 'loss_deviation'
      ? lossDeviation(returns, rest)
      : downsideDeviation(returns, { ...rest, divisor })
  return ratio(averageOf(over) * (convention.periodsPerYear ?? TRADING_DAYS), downside)
}
