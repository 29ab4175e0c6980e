import { annualReturn } from './annual-return.ts'
import { calmarOf } from './calmar.ts'
import { drawdownsOfReturns } from './drawdown.ts'
import type { ReturnConvention, Series } from './series.ts'
import { present } from './series.ts'
import { drawdownSpans } from './top-drawdowns.ts'
import { painIndex, ulcerIndex } from './ulcer-index.ts'

/** What a ratio of growth to drawdowns sets against what. */
export interface DrawdownConvention extends Pick<ReturnConvention, 'periodsPerYear'> {
  /** Rate a year that is taken off the annual return. Default 0. */
  annualRiskFree?: number
}

/** What {@link burkeRatio} counts as a drawdown. */
export type BurkeDrawdowns = 'peak_to_trough' | 'losing_runs' | 'losing_runs_percent'

function annualExcess(returns: Series, { annualRiskFree = 0, ...year }: DrawdownConvention): number | null {
  const growth = annualReturn(returns, year)
  return growth === null ? null : growth - annualRiskFree
}

/**
 * Compounded losses of runs of consecutive negative returns, oldest first, as negative fractions. `scale` multiplies the
 * returns before they are compounded and divides the loss afterwards: 0.01 nearly adds them up.
 */
export function losingRuns(returns: Series, scale = 1): number[] {
  const runs: number[] = []
  let growth = 1
  const end = (): void => {
    if (growth < 1) runs.push((growth - 1) / scale)
    growth = 1
  }
  for (const value of present(returns)) {
    if (value < 0) growth *= 1 + value * scale
    else end()
  }
  end()
  return runs
}

/**
 * Burke ratio: `(annual return - rate) / sqrt(sum of squared drawdowns)`, with `modified` times `sqrt(n)`. A drawdown is a
 * way from a peak to its trough (`'peak_to_trough'`, default), a run of losing periods (`'losing_runs'`), or such a run
 * with hundredths of the returns compounded (`'losing_runs_percent'`), as PerformanceAnalytics does. Null without a drawdown. Source: G. Burke, A Sharper Sharpe Ratio (1994); C. Bacon.
 */
export function burkeRatio(
  returns: Series,
  convention: DrawdownConvention & { drawdowns?: BurkeDrawdowns; modified?: boolean } = {},
): number | null {
  const squares = burkeDepths(returns, convention.drawdowns).reduce((sum, depth) => sum + depth * depth, 0)
  const scale = convention.modified === true ? Math.sqrt(present(returns).length) : 1
  return calmarOf(annualExcess(returns, convention), Math.sqrt(squares) / scale)
}

function burkeDepths(returns: Series, kind: BurkeDrawdowns = 'peak_to_trough'): number[] {
  if (kind === 'losing_runs') return losingRuns(returns)
  if (kind === 'losing_runs_percent') return losingRuns(returns, 0.01)
  return drawdownSpans([1, ...growthOf(returns)]).map((span) => span.depth)
}

function growthOf(returns: Series): Float64Array {
  let growth = 1
  return present(returns).map((value) => (growth *= 1 + value))
}

/** Martin ratio (ulcer performance index): annual return less a rate over the ulcer index. Source: P. Martin (1989). */
export function martinRatio(returns: Series, convention: DrawdownConvention = {}): number | null {
  return calmarOf(annualExcess(returns, convention), ulcerIndex(drawdownsOfReturns(returns)))
}

/** Pain ratio: annual return less a rate over the pain index. Source: T. Becker (2006). */
export function painRatio(returns: Series, convention: DrawdownConvention = {}): number | null {
  return calmarOf(annualExcess(returns, convention), painIndex(drawdownsOfReturns(returns)))
}
