import type { ReturnConvention, Series } from './series.ts'
import { deviation, TRADING_DAYS } from './series.ts'

/**
 * Annual volatility: `std(r, ddof) x sqrt(periodsPerYear)`, sample deviation by default. Null below two returns.
 * Source: empyrical `annual_volatility`.
 */
export function volatility(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear' | 'ddof'> = {},
): number | null {
  const std = deviation(returns, convention.ddof)
  return std === null ? null : std * Math.sqrt(convention.periodsPerYear ?? TRADING_DAYS)
}
