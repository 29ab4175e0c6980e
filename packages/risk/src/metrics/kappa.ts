import type { Series } from './series.ts'
import { averageOf, defined, excess } from './series.ts'

/**
 * Kappa of an order: `(mean(r) - rate) / mean(max(rate - r, 0)^order)^(1 / order)`, per period. Order 1 is the
 * {@link omegaSharpe}, order 2 the Sortino ratio per period. Null without returns or without a shortfall.
 * Source: P. Kaplan and J. Knowles, Kappa: A Generalized Downside Risk-Adjusted Performance Measure (2004).
 */
export function kappa(returns: Series, order: number, rate: number | Series = 0): number | null {
  const over = excess(returns, rate)
  const moment = averageOf(over.map((value) => Math.max(-value, 0) ** order))
  return defined(averageOf(over) / moment ** (1 / order))
}

/** Omega-Sharpe ratio: mean excess over the downside potential; the omega ratio less 1. Source: C. Bacon. */
export function omegaSharpe(returns: Series, rate: number | Series = 0): number | null {
  return kappa(returns, 1, rate)
}
