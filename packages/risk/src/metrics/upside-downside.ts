import type { Series } from './series.ts'
import { excess, mean } from './series.ts'

/** Mean shortfall below a rate per period: `mean(max(rate - r, 0))`. Null without returns. Source: C. Bacon. */
export function downsidePotential(returns: Series, rate = 0): number | null {
  return mean(excess(returns, rate).map((value) => Math.max(-value, 0)))
}

/** Mean gain beyond a rate per period: `mean(max(r - rate, 0))`. Null without returns. Source: C. Bacon. */
export function upsidePotential(returns: Series, rate = 0): number | null {
  return mean(excess(returns, rate).map((value) => Math.max(value, 0)))
}

/** Upside risk: `sqrt(mean(max(r - rate, 0)^2))`. Null without returns. Source: C. Bacon. */
export function upsideRisk(returns: Series, rate = 0): number | null {
  const squares = mean(excess(returns, rate).map((value) => Math.max(value, 0) ** 2))
  return squares === null ? null : Math.sqrt(squares)
}

/** Share of returns strictly below a rate per period, 0..1. Null without returns. */
export function downsideFrequency(returns: Series, rate = 0): number | null {
  return mean(excess(returns, rate).map((value) => (value < 0 ? 1 : 0)))
}

/** Share of returns strictly above a rate per period, 0..1. Null without returns. */
export function upsideFrequency(returns: Series, rate = 0): number | null {
  return mean(excess(returns, rate).map((value) => (value > 0 ? 1 : 0)))
}

/** Mean distance from the mean: `mean(|r - mean(r)|)`. Null without returns. */
export function meanAbsoluteDeviation(returns: Series): number | null {
  return mean(excess(returns, mean(returns) ?? 0).map(Math.abs))
}
