import type { CostModel, Sizing, Trials } from '@quantdeck/backtest'
import { Decimal } from '@quantdeck/domain'

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
  fill: 'next_open' | 'close'
  sizing: Sizing
  seed: number
  isRiskEngineOn: boolean
  /** Percent of the allocation that one trade may lose; null: no cap. */
  riskPerTradePct: string | null
  signalThreshold: number | null
  /** The trials that the parameters were picked from; null: none. */
  trials: Trials | null
  /** What was changed about the request, and what its data lack. */
  notes: string[]
}

/** Requests of earlier versions knew one size and one fill. */
function defaultsOf({ riskPerTradePct }: RunRequest): Pick<RunRequest, 'fill' | 'sizing' | 'trials'> {
  const riskPerTrade = riskPerTradePct === null ? null : new Decimal(riskPerTradePct).div(100).toNumber()
  return {
    fill: 'next_open',
    sizing: { kind: 'fraction', of: 'allocation', riskPerTrade },
    trials: null,
  }
}

/** A stored request. It was written by {@link RunRequest}'s own author; sessions and imported rows have none. */
export function toRunRequest(params: unknown): RunRequest | null {
  if (typeof params !== 'object' || params === null || !('modelType' in params)) return null
  const request = params as RunRequest
  return { ...defaultsOf(request), ...request }
}
