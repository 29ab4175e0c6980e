import type { CellFigures, DailyPoint, ParameterSet, RunMetrics } from '@quantdeck/backtest'

/** Figures of a finished cell, the reason why it has none, or null while it waits. */
export type StoredCell = CellFigures | string | null

/** What a sweep stores, also while it runs. */
export interface SweepResult {
  dataHash: string | null
  notes: string[]
  /** By the index of the parameter set. */
  cells: StoredCell[]
  deflatedSharpe: number | null
}

export interface StoredWindow {
  /** Null while it is not known, and where no set had the metric. */
  parameters: ParameterSet | null
  inSample: CellFigures | null
  outOfSample: CellFigures | null
  error: string | null
}

/** What a walk-forward study stores, also while it runs; windows in order. */
export interface WalkForwardResult {
  dataHash: string | null
  notes: string[]
  windows: StoredWindow[]
  curve: (DailyPoint & { window: number })[]
  metrics: RunMetrics | null
  efficiency: number | null
}

/** A stored result. It was written by the study's own job. */
export function toSweepResult(stored: unknown): SweepResult | null {
  return stored as SweepResult | null
}

export function toWalkForwardResult(stored: unknown): WalkForwardResult | null {
  return stored as WalkForwardResult | null
}
