import { annualReturn } from './annual-return.ts'
import { maxDrawdownOfReturns } from './max-drawdown.ts'
import type { ReturnConvention, Series } from './series.ts'
import { ratio } from './series.ts'

/** Yearly growth over the deepest drawdown: `growth / |drawdown|`. Null without a drawdown or without growth. */
export function calmarOf(growth: number | null, drawdown: number | null): number | null {
  return ratio(growth, Math.abs(drawdown ?? 0))
}

/** Calmar ratio of returns: geometric annual return over the deepest drawdown. Source: T. W. Young (1991); empyrical. */
export function calmar(
  returns: Series,
  convention: Pick<ReturnConvention, 'periodsPerYear'> = {},
): number | null {
  return calmarOf(annualReturn(returns, convention), maxDrawdownOfReturns(returns))
}
