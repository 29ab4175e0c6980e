import type { ReturnConvention, Series } from './series.ts'
import { defined, mean, TRADING_DAYS } from './series.ts'
import { totalReturn } from './total-return.ts'

/**
 * Annual return by count of periods, geometric: `prod(1 + r)^(periodsPerYear / n) - 1`, n counting missing rows too.
 * Null without returns or when everything was lost. Source: empyrical `annual_return`, PerformanceAnalytics
 * `Return.annualized`. For growth by the calendar see {@link cagr}.
 */
export function annualReturn(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear'> = {},
): number | null {
  const total = totalReturn(returns) ?? Number.NaN
  if (total < -1) return null
  return defined((1 + total) ** ((convention.periodsPerYear ?? TRADING_DAYS) / returns.length) - 1)
}

/** Annual return, arithmetic: `mean(r) x periodsPerYear`. Source: PerformanceAnalytics, `geometric = FALSE`. */
export function annualReturnArithmetic(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear'> = {},
): number | null {
  const average = mean(returns)
  return average === null ? null : average * (convention.periodsPerYear ?? TRADING_DAYS)
}
