import { cumulativeReturns } from './cumulative-returns.ts'
import type { Series } from './series.ts'

/**
 * Drawdown at each point of an equity curve: `equity / highest so far - 1`, non-positive. The first point is the
 * starting capital, so that a loss on the first day counts.
 */
export function drawdowns(equity: Series): Float64Array {
  const result = new Float64Array(equity.length)
  let peak = Number.NEGATIVE_INFINITY
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!
    if (value > peak) peak = value
    result[i] = peak > 0 ? Math.min(value / peak - 1, 0) : 0
  }
  return result
}

/** Drawdown after each return, the starting capital counted as the first peak; as long as the returns. */
export function drawdownsOfReturns(returns: Series): Float64Array {
  const equity = new Float64Array(returns.length + 1)
  equity[0] = 1
  equity.set(cumulativeReturns(returns, 1), 1)
  return drawdowns(equity).subarray(1)
}
