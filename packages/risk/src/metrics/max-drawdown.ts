import { drawdowns, drawdownsOfReturns } from './drawdown.ts'
import type { Series } from './series.ts'

function lowest(values: Float64Array): number | null {
  if (values.length === 0) return null
  let low = 0
  for (const value of values) if (value < low) low = value
  return low
}

/**
 * Deepest drawdown of an equity curve (or prices) as a non-positive fraction; 0 if there was none, null without points.
 * The first point counts as starting capital.
 */
export function maxDrawdown(equity: Series): number | null {
  return lowest(drawdowns(equity))
}

/** {@link maxDrawdown} of returns; the capital before the first return counts. Source: empyrical `max_drawdown`. */
export function maxDrawdownOfReturns(returns: Series): number | null {
  return lowest(drawdownsOfReturns(returns))
}
