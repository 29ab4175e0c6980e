import type { Series } from './series.ts'

/**
 * Growth so far: `startingValue x prod(1 + r)`, or `prod(1 + r) - 1` with a starting value of 0 (the default).
 * A missing return counts as 0. Source: empyrical `cum_returns`.
 */
export function cumulativeReturns(returns: Series, startingValue = 0): Float64Array {
  const result = new Float64Array(returns.length)
  let growth = 1
  for (let i = 0; i < returns.length; i++) {
    const value = returns[i]!
    if (!Number.isNaN(value)) growth *= 1 + value
    result[i] = startingValue === 0 ? growth - 1 : growth * startingValue
  }
  return result
}
