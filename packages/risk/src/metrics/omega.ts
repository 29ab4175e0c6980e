import type { ReturnConvention, Series } from './series.ts'
import { excess, ratio } from './series.ts'

/** An annual rate as a rate per period, compounding: `(1 + annual)^(1 / periodsPerYear) - 1`. Null at -100 % and below. */
export function ratePerPeriod(annualRate: number, periodsPerYear: number): number | null {
  return annualRate <= -1 ? null : (1 + annualRate) ** (1 / periodsPerYear) - 1
}

/**
 * Omega ratio: sum of gains over sum of losses, both beyond a rate per period. Null without a loss.
 * Source: C. Keating and W. Shadwick (2002); with rate 0 it is the Bernardo-Ledoit gain-loss ratio.
 */
export function omega(returns: Series, convention: Pick<ReturnConvention, 'riskFree'> = {}): number | null {
  let gains = 0
  let losses = 0
  for (const value of excess(returns, convention.riskFree)) {
    if (value > 0) gains += value
    else losses -= value
  }
  return ratio(gains, losses)
}
