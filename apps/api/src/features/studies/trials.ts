import { type CellFigures, figureOf, type Trials } from '@quantdeck/backtest'
import { TRADING_DAYS } from '@quantdeck/risk'

/** How many trials a best one was picked from, and how much their Sharpe ratios per day vary; null below two of them. */
export function trialsOf(cells: readonly (CellFigures | null)[]): Trials | null {
  const ratios = cells
    .map((figures) => figureOf(figures, 'sharpe'))
    .filter((value) => value !== null)
    .map((value) => value / Math.sqrt(TRADING_DAYS))
  const count = ratios.length
  if (count < 2) return null
  const mean = ratios.reduce((sum, value) => sum + value, 0) / count
  const squares = ratios.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { count, sharpeVariance: squares / (count - 1) }
}
