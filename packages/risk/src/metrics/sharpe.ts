import type { ReturnConvention, Series } from './series.ts'
import { deviation, excess, mean, ratio, TRADING_DAYS } from './series.ts'

/**
 * Sharpe ratio: `mean(r - rf) / std(r - rf, ddof) x sqrt(periodsPerYear)`; rf per period, ddof 1, 252 by default.
 * Null below two returns or without any variation. Source: W. F. Sharpe, The Sharpe Ratio (1994).
 */
export function sharpe(returns: Series, convention: ReturnConvention = {}): number | null {
  const over = excess(returns, convention.riskFree)
  const perPeriod = ratio(mean(over), deviation(over, convention.ddof))
  return perPeriod === null ? null : perPeriod * Math.sqrt(convention.periodsPerYear ?? TRADING_DAYS)
}
