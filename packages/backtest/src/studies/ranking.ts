import type { RunMetrics } from '../engine/metrics-of.ts'

/** Figures by which parameter sets can be ranked; of each the higher is the better (a drawdown is negative). */
export const RANKING_METRICS = [
  'totalReturn',
  'cagr',
  'sharpe',
  'sortino',
  'calmar',
  'maxDrawdown',
  'omega',
  'profitFactor',
  'expectancy',
  'sqn',
  'stability',
] as const
export type RankingMetric = (typeof RANKING_METRICS)[number]

/** What is kept of each parameter set; all but the last are ratios or fractions, see {@link RunMetrics}. */
export const CELL_METRICS = [
  ...RANKING_METRICS,
  'volatility',
  'winRate',
  'exposure',
  'totalTrades',
] as const satisfies readonly (keyof RunMetrics)[]
export type CellMetric = (typeof CELL_METRICS)[number]

/** In the order of {@link CELL_METRICS}; null is undefined. */
export type CellFigures = readonly (number | null)[]

/** The kept figures of a run. */
export function cellFigures(metrics: RunMetrics): CellFigures {
  return CELL_METRICS.map((name) => metrics[name])
}

/** One kept figure. */
export function figureOf(figures: CellFigures | null | undefined, name: CellMetric): number | null {
  return figures?.[CELL_METRICS.indexOf(name)] ?? null
}

/**
 * Ranks by a metric, 1 for the best; null where it is undefined. Equal values keep the order of their index, so that the
 * first of equally good sets wins.
 */
export function ranks(cells: readonly (CellFigures | null)[], metric: RankingMetric): (number | null)[] {
  const values = cells.map((figures) => figureOf(figures, metric))
  const order = values
    .flatMap((value, index) => (value === null ? [] : [{ value, index }]))
    .toSorted((a, b) => b.value - a.value || a.index - b.index)
  const result = values.map((): number | null => null)
  order.forEach(({ index }, place) => (result[index] = place + 1))
  return result
}
