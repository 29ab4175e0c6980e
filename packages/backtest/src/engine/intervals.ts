import { bootstrapIntervals, type Interval, TRADING_DAYS } from '@quantdeck/risk'

/** 95 % intervals; each null when the returns are too few or too flat. */
export interface MetricIntervals {
  annualReturn: Interval | null
  sharpe: Interval | null
  sortino: Interval | null
  maxDrawdown: Interval | null
}

const MOST_DRAWS = 500
/** A long curve needs fewer draws, and has to stay cheap beside its run. */
const FEWEST_DRAWS = 200
const MOST_NUMBERS = 1_000_000

/**
 * Annual return, Sharpe, Sortino and deepest drawdown of daily returns in one pass, by the definitions and defaults of
 * `@quantdeck/risk` (a test holds both together): a bootstrap asks for them hundreds of times.
 */
export function headlineFigures(returns: Float64Array): (number | null)[] {
  const n = returns.length
  let growth = 1
  let peak = 1
  let fall = 0
  let sum = 0
  let shortfall = 0
  for (let i = 0; i < n; i++) {
    const value = returns[i]!
    sum += value
    if (value < 0) shortfall += value * value
    growth *= 1 + value
    if (growth > peak) peak = growth
    else if (growth / peak - 1 < fall) fall = growth / peak - 1
  }
  const mean = sum / n
  let squares = 0
  for (let i = 0; i < n; i++) squares += (returns[i]! - mean) ** 2
  const deviation = Math.sqrt(squares / (n - 1))
  const year = Math.sqrt(TRADING_DAYS)
  return [
    growth >= 0 ? growth ** (TRADING_DAYS / n) - 1 : null,
    deviation > 1e-15 ? (mean / deviation) * year : null,
    shortfall > 0 ? (mean / Math.sqrt(shortfall / n)) * year : null,
    fall,
  ]
}

/** Where the headline figures of such daily returns would lie, by the stationary bootstrap with a fixed seed. */
export function metricIntervals(returns: Float64Array): MetricIntervals {
  const affordable = Math.floor(MOST_NUMBERS / Math.max(returns.length, 1))
  const draws = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, affordable))
  const [annualReturn, sharpe, sortino, maxDrawdown] = bootstrapIntervals(returns, headlineFigures, { draws })
  return {
    annualReturn: annualReturn ?? null,
    sharpe: sharpe ?? null,
    sortino: sortino ?? null,
    maxDrawdown: maxDrawdown ?? null,
  }
}
