import { maxDrawdownOfReturns } from './max-drawdown.ts'
import type { ReturnConvention, Series } from './series.ts'
import { sharpe } from './sharpe.ts'

/** A metric on each full trailing window, oldest first; empty when there is no full window. */
export function rolling<T>(values: Series, window: number, metric: (slice: Float64Array) => T): T[] {
  const all = Float64Array.from(values)
  const result: T[] = []
  for (let end = window; end <= all.length; end++) result.push(metric(all.subarray(end - window, end)))
  return result
}

/** {@link sharpe} on each full trailing window. */
export function rollingSharpe(
  returns: Series,
  window: number,
  convention: ReturnConvention = {},
): (number | null)[] {
  return rolling(returns, window, (slice) => sharpe(slice, convention))
}

/** {@link maxDrawdownOfReturns} on each full trailing window. */
export function rollingMaxDrawdown(returns: Series, window: number): (number | null)[] {
  return rolling(returns, window, maxDrawdownOfReturns)
}
