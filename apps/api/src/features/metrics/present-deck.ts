import type { DeckEarlierFigures, DeckRunningFigures } from '@quantdeck/contracts'
import { Decimal, formatFixed, formatInstant } from '@quantdeck/domain'
import type { MetricsWindow, RunningFigures } from './operations-window.ts'
import { presentFigures } from './v1.ts'

export function presentRunning(figures: RunningFigures): DeckRunningFigures {
  return {
    at: formatInstant(figures.at),
    sharpe_ratio: orNull(figures.sharpeRatio),
    win_rate: orNull(figures.winRate),
    total_trades: figures.totalTrades,
    open_positions: figures.openPositions,
  }
}

export function presentEarlier(earlier: NonNullable<MetricsWindow['earlier']>): DeckEarlierFigures {
  return { ...presentFigures(earlier), open_positions: earlier.openPositions }
}

function orNull(value: number | null): string | null {
  return value === null ? null : formatFixed(new Decimal(value), 2)
}
