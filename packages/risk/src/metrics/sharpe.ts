import type { ReturnConvention, Series } from './series.ts'
import { defined, deviation, excess, mean, TRADING_DAYS } from './series.ts'

/**
 * Sharpe ratio: `mean(r - rf) / std(r - rf, ddof) x sqrt(periodsPerYear)`; rf per period, ddof 1, 252 by default.
 * Null below two returns or without any variation. Source: W. F. Sharpe, The Sharpe Ratio (1994).
 */
export function sharpe(returns: Series, convention: ReturnConvention = {}): number | null {
  const over = excess(returns, convention.riskFree)
  if (over.length < 2) return null
  const std = deviation(over, convention.ddof ?? 1)
  const average = mean(over)
  if (std === null || average === null || std === 0) return null
  return defined((average / std) * Math.sqrt(convention.periodsPerYear ?? TRADING_DAYS))
}
