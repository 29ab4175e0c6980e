import type { Series } from './series.ts'

/** Simple returns `p[i] / p[i-1] - 1` of prices or equity; one shorter than the input. A base of 0 or less gives NaN. */
export function simpleReturns(prices: Series): Float64Array {
  const returns = new Float64Array(Math.max(prices.length - 1, 0))
  for (let i = 1; i < prices.length; i++) {
    const base = prices[i - 1]!
    returns[i - 1] = base > 0 ? prices[i]! / base - 1 : Number.NaN
  }
  return returns
}
