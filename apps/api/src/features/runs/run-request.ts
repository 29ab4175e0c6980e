import type { CostModel } from '@quantdeck/backtest'

/** What was asked for, complete and checked: stored with the run and enough to repeat it. */
export interface RunRequest {
  /** A reference model type, or `signals`. */
  modelType: string
  /** Of the strategy's configuration and the request, as far as the model type knows them. */
  parameters: Record<string, unknown>
  symbols: string[]
  /** Days, inclusive. */
  startDate: string
  endDate: string
  initialCapital: string
  costs: CostModel
  seed: number
  isRiskEngineOn: boolean
  /** Percent of the allocation that one trade may lose; null: no cap. */
  riskPerTradePct: string | null
  signalThreshold: number | null
  /** What was changed about the request, and what its data lack. */
  notes: string[]
}

/** A stored request. It was written by {@link RunRequest}'s own author; sessions and imported rows have none. */
export function toRunRequest(params: unknown): RunRequest | null {
  return typeof params === 'object' && params !== null && 'modelType' in params
    ? (params as RunRequest)
    : null
}
