import { annualReturn } from './annual-return.ts'
import { maxDrawdownOfReturns } from './max-drawdown.ts'
import type { ReturnConvention, Series } from './series.ts'
import { defined } from './series.ts'

/** Yearly growth over the deepest drawdown: `growth / |drawdown|`. Null without a drawdown or without growth. */
export function calmarOf(growth: number | null, drawdown: number | null): number | null {
  if (growth === null || drawdown === null || drawdown === 0) return null
  return defined(growth / Math.abs(drawdown))
}

/** Calmar ratio of returns: geometric annual return over the deepest drawdown. Source: T. W. Young (1991); empyrical. */
export function calmar(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear'> = {},
): number | null {
  return calmarOf(annualReturn(returns, convention), maxDrawdownOfReturns(returns))
}
